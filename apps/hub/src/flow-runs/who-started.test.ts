import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { messageSettingsSchema } from '../messages/message-settings.ts';
import { identityUrn } from '../action-providers/urn.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const looks = {
  StartAt: 'Look',
  States: {
    Look: {
      Type: 'ExpressionEval',
      Parameters: {
        'all.$': '$._context',
        'to.=': '`$._context.email` or `$._context.username`',
      },
      ResultPath: '$.seen',
      End: true,
    },
  },
};

const asks = {
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'CreateWebInput',
      Parameters: {
        InputType: 'Selection',
        'RespondentUrns.=': '[_context.user_id]',
        Options: [{ Value: 'yes', Label: 'Yes', Description: '' }],
      },
      ResultPath: '$.ask',
      Next: 'Answer',
    },
    Answer: {
      Type: 'AwaitWebInput',
      Parameters: { 'web_input_id.$': '$.ask.web_input_id' },
      ResultPath: '$.answer',
      End: true,
    },
  },
};

describe('who started a flow run, in the words of Globus', () => {
  let hub: TestHub;
  let ada: string;

  before(async () => {
    const mail = {
      server: '127.0.0.1',
      port: 9,
      security: 'none',
      from: 'hub@example.org',
    } as const;
    hub = await startTestHub(await openTestDatabase(), messageSettingsSchema.parse({ mail }));
    ada = await hub.addUser('ada', 'member');
    for (const [name, definition] of Object.entries({ looks, asks })) {
      await hub.saveFlow(name, definition);
    }
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });

  const start = async (flow: string): Promise<string> => {
    const started = await hub.send('POST', '/flow-runs', { flow, input: {} }, ada);
    assert.equal(started.status, 201, JSON.stringify(started.body));
    return String(started.body['id']);
  };
  const seen = async (): Promise<JsonObject> => {
    const { body } = await hub.send('GET', `/flow-runs/${await start('looks')}/output`);
    return (body['output'] as JsonObject)['seen'] as JsonObject;
  };

  test('a definition reads name, mail, identities and times', async () => {
    const { id } = await unwrap(hub.as(ada).GET('/api/v1/me'));
    const before = Math.floor(Date.now() / 1000);
    const { all, to } = await seen();
    assert.equal(to, 'ada');
    const { username, email, user_id: userId, identities, token_info: times } = all as JsonObject;
    const urn = identityUrn(id);
    assert.deepEqual([username, email, userId, identities], ['ada', '', urn, [urn]]);
    const { iat, nbf, exp } = times as Record<'iat' | 'nbf' | 'exp', number>;
    assert.ok(iat >= before && nbf === iat && exp > iat, JSON.stringify(times));
    const settings = { to: ['mail:ada@example.org'] };
    assert.equal((await hub.send('PATCH', '/me/notices', settings, ada)).status, 200);
    assert.equal((await seen())['to'], 'ada@example.org');
  });

  test('a question may be asked of who started it, by the URN', async () => {
    const id = await start('asks');
    const [asked] = await until('the question', async () => {
      const { body } = await hub.send('GET', `/web-inputs?flowRun=${id}`, undefined, ada);
      const items = body['items'] as { respondents: { users: string[] } }[];
      return items.length > 0 ? items : undefined;
    });
    assert.deepEqual(asked?.respondents.users, ['ada']);
  });
});
