import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';
import { startFakeProvider, statusOf, type FakeProvider } from './fake-provider.fixture.ts';

const secret = 'swordfish';

describe('providers that repeat what they were given in private', () => {
  let hub: TestHub;
  let provider: FakeProvider;

  before(async () => {
    provider = await startFakeProvider(({ path }) => {
      const detail = `what is ${secret}?`;
      if (path.startsWith('/act/refuses')) return { status: 400, json: { detail } };
      if (path.startsWith('/act/waits')) return { status: 503, json: { detail } };
      const more = { display_status: detail, details: { reason: detail } };
      return {
        status: 202,
        json: statusOf(path.startsWith('/act/works') ? 'ACTIVE' : 'FAILED', more),
      };
    });
    const providers = [
      { url: provider.url, token: 'opens-it', allowHttp: false, monitorBy: [], manageBy: [] },
    ];
    hub = await startTestHub(await openTestDatabase(), { providers });
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
    await provider.close();
  });

  const start = async (path: string): Promise<string> => {
    const Ask = {
      Type: 'Action',
      ActionUrl: `${provider.url}/${path}`,
      Parameters: { __Private_Parameters: ['token'], 'token.$': '$._private.key' },
      WaitTime: 60,
      End: true,
    };
    const definition = { StartAt: 'Ask', States: { Ask } };
    await hub.saveFlow(path, definition);
    const input = { _private: { key: secret } };
    const { body } = await hub.send('POST', '/flow-runs', { flow: path, input });
    return `/flow-runs/${String(body['id'])}`;
  };

  for (const path of ['refuses', 'waits', 'works', 'fails']) {
    test(`one that ${path}: its words are told without it`, async () => {
      const run = await start(path);
      const told = await until('its words', async () => {
        const text = JSON.stringify((await hub.send('GET', run)).body);
        return text.includes('what is ') && text;
      });
      assert.match(told, /what is \(private\)\?/);
      const log = JSON.stringify((await hub.send('GET', `${run}/log`)).body);
      assert.ok(!`${told}${log}`.includes(secret), told);
    });
  }
});
