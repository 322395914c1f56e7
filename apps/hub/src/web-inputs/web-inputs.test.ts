import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { foreignMappingSchema } from '@interpulse/domain/flow/import/foreign-mapping.ts';
import type { WebInput } from '@interpulse/domain/web-input/web-input.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const group = '0a0a0a0a-0000-0000-0000-000000000001';
const mapping = foreignMappingSchema.parse({ principals: { [group]: 'project:demo' } });

/** Asks with options from the state; after "retry" it asks again, with those that are left. */
const steering = {
  StartAt: 'Fit?',
  States: {
    'Fit?': {
      Type: 'CreateWebInput',
      Parameters: {
        InputType: 'Selection',
        RespondentUrns: [`urn:globus:group:id:${group}`],
        Context: {
          PresentationStyle: 'Table',
          'Title.=': "'Lauf ' + str(`$.number`) + ': weiter – 続ける?'",
          Rows: [{ Field: 'Contrast', 'Value.$': '$.contrast' }],
        },
        'Options.$': '$.options',
      },
      ResultPath: '$.ask',
      Next: 'Answer',
    },
    Answer: {
      Type: 'AwaitWebInput',
      Parameters: { 'web_input_id.$': '$.ask.web_input_id' },
      ResultPath: '$.answer',
      Next: 'Which?',
      Catch: [{ ErrorEquals: ['Flows.WebInputExpired'], ResultPath: '$.answer', Next: 'Nobody' }],
    },
    'Which?': {
      Type: 'Choice',
      Default: 'Done',
      Choices: [{ Variable: '$.answer.response', StringEquals: 'retry', Next: 'Fewer' }],
    },
    Fewer: {
      Type: 'ExpressionEval',
      Parameters: { 'options.=': "[o for o in options if o['Value'] != 'retry']" },
      ResultPath: '$.left',
      Next: 'Take',
    },
    Take: { Type: 'Pass', InputPath: '$.left.options', ResultPath: '$.options', Next: 'Fit?' },
    Nobody: { Type: 'Pass', End: true },
    Done: { Type: 'Pass', End: true },
  },
};

const options = [
  { Value: 'go', Label: 'Weiter', Description: 'Nächste Messung 🔬' },
  { Value: 'retry', Label: 'Retry' },
  { Value: 'stop', Label: 'Stop' },
];

const asks = (parameters: object, more: object = {}) => ({
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'CreateWebInput',
      Parameters: { InputType: 'Selection', Options: options, ...parameters },
      ResultPath: '$.ask',
      Next: 'Answer',
    },
    ...more,
    Answer: {
      Type: 'AwaitWebInput',
      Parameters: { 'web_input_id.$': '$.ask.web_input_id' },
      ResultPath: '$.answer',
      End: true,
    },
  },
});

const oneOf = (suffix: string) =>
  JSON.parse(JSON.stringify(asks({})).replaceAll(/"(Ask|Answer)"/g, `"$1 ${suffix}"`)) as object;

const definitions: Record<string, object> = {
  steering,
  simple: asks({}),
  'for-ada': asks({ RespondentUrns: ['user:ada'] }),
  'for-nobody': asks({
    RespondentUrns: ['urn:globus:groups:id:0a0a0a0a-0000-0000-0000-00000000000f'],
  }),
  'no-such-user': asks({ RespondentUrns: ['user:nobody-of-that-name'] }),
  brief: asks({ ExpiresAfterSeconds: 0.05 }),
  soon: asks({ ExpiresAfterSeconds: 1 }),
  early: asks(
    {},
    {
      Pause: { Type: 'Wait', Seconds: 3600, Next: 'Answer' },
    },
  ),
  both: {
    StartAt: 'Both',
    States: {
      Both: {
        Type: 'Parallel',
        Branches: [oneOf('1'), oneOf('2')],
        ResultPath: '$.both',
        End: true,
      },
    },
  },
  beside: {
    StartAt: 'Both',
    States: {
      Both: {
        Type: 'Parallel',
        Branches: [
          oneOf('slow'),
          {
            StartAt: 'Pause',
            States: {
              Pause: { Type: 'Wait', Seconds: 1, Next: 'Ask again' },
              'Ask again': (oneOf('again') as { States: { 'Ask again': object } }).States[
                'Ask again'
              ],
              'Answer again': (oneOf('again') as { States: { 'Answer again': object } }).States[
                'Answer again'
              ],
            },
          },
        ],
        ResultPath: '$.both',
        End: true,
      },
    },
  },
  failing: {
    StartAt: 'Both',
    States: {
      Both: {
        Type: 'Parallel',
        Branches: [
          oneOf('given up'),
          {
            StartAt: 'Pause',
            States: {
              Pause: { Type: 'Wait', Seconds: 1, Next: 'No' },
              No: { Type: 'Fail', Error: 'E', Cause: 'no beam' },
            },
          },
        ],
        ResultPath: '$.both',
        End: true,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Later' }],
      },
      Later: { Type: 'Wait', Seconds: 3600, End: true },
    },
  },
  private: asks({
    Context: {
      Title: 'Who?',
      Rows: [{ Field: 'name', Value: 'secret person', __Private_Parameters: ['Value'] }],
    },
  }),
};
(definitions['early'] as { States: { Ask: { Next: string } } }).States.Ask.Next = 'Pause';

/** Kinds of what happened to a question. */
async function eventsOf(hub: TestHub, id: string): Promise<string[]> {
  const found = await hub.send('GET', `/events?subjectType=webInput&subjectId=${id}&limit=9`);
  return (found.body['items'] as { kind: string }[]).map(({ kind }) => kind);
}

/** Follows the stream of events as somebody. */
async function listen(url: string, token = '') {
  const headers = { authorization: `Bearer ${token}` };
  const reader = (await fetch(`${url}/api/v1/events/stream`, { headers })).body?.getReader();
  let text = '';
  const read = async (): Promise<void> => {
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      text += Buffer.from(part.value).toString();
    }
  };
  void read();
  return { heard: () => text, end: () => reader?.cancel() };
}

describe('questions to people', () => {
  let hub: TestHub;
  let tokens: Record<string, string>;

  before(async () => {
    hub = await startTestHub(await openTestDatabase(), { mapping });
    tokens = {
      ada: await hub.addUser('ada'),
      member: await hub.addUser('member', 'member'),
      manager: await hub.addUser('manager', 'manager'),
      reader: await hub.addUser('reader', 'reader'),
      stranger: await hub.addUser('stranger'),
    };
    for (const [name, definition] of Object.entries(definitions)) {
      await hub.saveFlow(name, definition);
    }
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });

  const start = (flow: string, input: object = {}): Promise<string> => hub.startFlow(flow, input);
  const read = async (id: string) =>
    (await hub.send('GET', `/flow-runs/${id}`)).body as unknown as {
      flowRun: { status: string; reason: string | null; blockingWebInputId: string | null };
      output: { answer: Record<string, unknown>; both: { answer: { response: string } }[] };
    };
  const questions = async (flowRun: string, filter = 'all', token?: string) =>
    (await hub.send('GET', `/web-inputs?filter=${filter}&flowRun=${flowRun}`, undefined, token))
      .body['items'] as WebInput[];
  const question = async (flowRun: string): Promise<WebInput> => {
    const [asked] = await questions(flowRun, 'open');
    assert.ok(asked, 'there is an open question');
    return asked;
  };
  const answer = (id: string, response: unknown, who = 'member', comment = '') =>
    hub.send('POST', `/web-inputs/${id}/respond`, { response, comment }, tokens[who]);
  const events = (id: string) => eventsOf(hub, id);

  test('a flow run waits for its answer, and asks again with fewer options', async () => {
    const id = await start('steering', { number: 7, contrast: 0.12, options });
    const first = await question(id);
    const { flowRun } = await read(id);
    assert.equal(flowRun.status, 'INACTIVE');
    assert.equal(flowRun.blockingWebInputId, first.id);
    assert.match(flowRun.reason ?? '', /waits for a person to answer "Lauf 7: weiter – 続ける\?"/);
    assert.deepEqual(first.question.rows, [{ field: 'Contrast', value: 0.12 }]);
    assert.deepEqual(first.respondents, { users: [], projects: ['demo'] });
    assert.equal(first.awaited, true);
    assert.equal((await answer(first.id, 'retry')).status, 200);
    const second = await question(id);
    assert.deepEqual(
      second.question.options.map(({ value }) => value),
      ['go', 'stop'],
    );
    assert.equal((await answer(second.id, 'retry')).status, 422);
    const said = await answer(second.id, 'go', 'member', 'schöne Probe');
    assert.equal(said.body['status'], 'answered');
    const ended = await read(id);
    assert.equal(ended.flowRun.status, 'SUCCEEDED', ended.flowRun.reason ?? '');
    const { answered_at: at, ...rest } = ended.output.answer;
    assert.equal(typeof at, 'string');
    assert.deepEqual(rest, {
      response: 'go',
      responder: 'member',
      comment: 'schöne Probe',
      web_input_id: second.id,
    });
    assert.deepEqual(await events(second.id), ['webInput.created', 'webInput.answered']);
  });

  test('who may answer: respondents only; others see it, or do not', async () => {
    const id = await start('for-ada');
    const asked = await question(id);
    for (const [who, status] of Object.entries({ stranger: 404, reader: 403, manager: 403 })) {
      assert.equal((await answer(asked.id, 'go', who)).status, status, who);
    }
    const wrong = await answer(asked.id, 'nonsense', 'ada');
    assert.equal(wrong.status, 422);
    assert.deepEqual((wrong.body['errors'] as { loc: string[] }[])[0]?.loc, ['response']);
    assert.deepEqual((await questions(id, 'mine', tokens['ada'])).length, 1);
    assert.deepEqual(await questions(id, 'mine', tokens['manager']), []);
    assert.equal((await questions(id, 'open', tokens['reader']))[0]?.mayAnswer, false);
    assert.deepEqual(await questions(id, 'open', tokens['stranger']), []);
    assert.equal((await hub.send('GET', `/flow-runs/${id}`, undefined, tokens['ada'])).status, 404);
    assert.equal((await answer(asked.id, 'go', 'ada')).status, 200);
    assert.equal((await answer(asked.id, 'stop', 'ada')).status, 409);
    assert.equal((await read(id)).flowRun.status, 'SUCCEEDED');
  });

  test('respondents that there are not fail the step, with what to do', async () => {
    const unmapped = await read(await start('for-nobody'));
    assert.equal(unmapped.flowRun.status, 'FAILED');
    assert.match(unmapped.flowRun.reason ?? '', /Flows\.WebInputError.*mapping\.principals/);
    const missing = await read(await start('no-such-user'));
    assert.match(missing.flowRun.reason ?? '', /there is no user:nobody-of-that-name/);
  });

  test('a respondent from elsewhere hears of the question at once, others do not', async () => {
    const ada = await listen(hub.url, tokens['ada']);
    const stranger = await listen(hub.url, tokens['stranger']);
    const asked = await question(await start('for-ada'));
    await until('the event', async () => ada.heard().includes(asked.id));
    assert.equal((await answer(asked.id, 'go', 'ada')).status, 200);
    await until('the end', async () => ada.heard().includes('webInput.answered'));
    assert.doesNotMatch(stranger.heard(), /webInput/);
    await Promise.all([ada.end(), stranger.end()]);
  });

  test('two questions at once: the flow run is active again when both are answered', async () => {
    const id = await start('both');
    const open = await questions(id, 'open');
    assert.equal(open.length, 2);
    const [one, other] = open;
    assert.equal((await answer(one?.id ?? '', 'stop')).status, 200);
    const between = await read(id);
    assert.equal(between.flowRun.status, 'INACTIVE');
    assert.equal(between.flowRun.blockingWebInputId, other?.id);
    await answer(other?.id ?? '', 'go');
    const { output } = await read(id);
    const said = output.both.map((branch) => branch.answer.response).toSorted();
    assert.deepEqual(said, ['go', 'stop']);
  });

  test('what goes on beside a question goes on, though a person is waited for', async () => {
    const id = await start('beside');
    assert.equal((await read(id)).flowRun.status, 'INACTIVE');
    const open = await until('the question after the pause', async () => {
      const found = await questions(id, 'open');
      return found.length === 2 && found;
    });
    for (const each of open) assert.equal((await answer(each.id, 'go')).status, 200);
    assert.equal((await read(id)).flowRun.status, 'SUCCEEDED');
  });

  test('a question of a branch that is given up is closed', async () => {
    const id = await start('failing');
    const asked = await question(id);
    const closed = await until('the end of the branch', async () => {
      const [found] = await questions(id);
      return found?.status === 'closed' && found;
    });
    assert.equal(closed.id, asked.id);
    assert.match(closed.comment, /needs it no more/);
    assert.equal((await read(id)).flowRun.status, 'ACTIVE');
    await hub.send('POST', `/flow-runs/${id}/cancel`);
  });

  test('an early answer counts; the end of a flow run closes the rest', async () => {
    const id = await start('early');
    const asked = await question(id);
    assert.equal(asked.awaited, false);
    const { flowRun } = await read(id);
    assert.deepEqual([flowRun.status, flowRun.blockingWebInputId], ['ACTIVE', null]);
    const closed = await start('early');
    const left = await question(closed);
    await hub.send('POST', `/flow-runs/${closed}/cancel`);
    const [gone] = await questions(closed);
    assert.equal(gone?.status, 'closed');
    assert.match(gone?.comment ?? '', /its flow run is over/);
    assert.equal((await answer(left.id, 'go')).status, 409);
    assert.deepEqual(await events(left.id), ['webInput.created', 'webInput.closed']);
    assert.equal((await answer(asked.id, 'go')).status, 200);
    assert.equal((await read(id)).flowRun.status, 'ACTIVE');
    await hub.send('POST', `/flow-runs/${id}/cancel`);
    assert.equal((await questions(id))[0]?.status, 'answered');
  });

  test('nobody answers: the question expires by itself, and the catcher goes on', async () => {
    const id = await start('brief');
    const failed = await until('the expiry', async () => {
      const found = await read(id);
      return found.flowRun.status === 'FAILED' && found;
    });
    assert.match(failed.flowRun.reason ?? '', /Flows\.WebInputExpired: nobody answered in time/);
    const [asked] = await questions(id);
    assert.equal(asked?.status, 'expired');
    assert.equal((await answer(asked?.id ?? '', 'go')).status, 409);
  });

  test('a manager closes a question: for the flow run it has expired', async () => {
    const id = await start('steering', { number: 8, contrast: 0, options });
    const asked = await question(id);
    const close = (who: string) =>
      hub.send('POST', `/web-inputs/${asked.id}/close`, { reason: 'beam is gone' }, tokens[who]);
    assert.equal((await close('member')).status, 403);
    assert.equal((await close('manager')).status, 200);
    const { flowRun, output } = await read(id);
    assert.equal(flowRun.status, 'SUCCEEDED');
    assert.equal(output.answer['Error'], 'Flows.WebInputExpired');
    assert.match(String(output.answer['Cause']), /closed unanswered by manager: beam is gone/);
  });

  test('private facts are shown to nobody', async () => {
    const id = await start('private');
    const asked = await question(id);
    assert.deepEqual(asked.question.rows, [{ field: 'name', value: '(private)' }]);
    const log = await hub.send('GET', `/flow-runs/${id}/log`);
    const { steps } = (await hub.send('GET', `/flow-runs/${id}`)).body;
    assert.doesNotMatch(JSON.stringify([log.body, steps]), /secret person/);
    await hub.send('POST', `/flow-runs/${id}/cancel`);
  });

  test('many answers at the same time: one counts', async () => {
    const asked = await question(await start('simple'));
    const all = await Promise.all(['go', 'stop', 'go', 'retry'].map((it) => answer(asked.id, it)));
    const statuses = all.map(({ status }) => status).toSorted((one, other) => one - other);
    assert.deepEqual(statuses, [200, 409, 409, 409]);
  });

  test('a hub that ends in between: another one takes the answer, and the expiries', async () => {
    const answered = await start('steering', { number: 9, contrast: 1, options });
    const asked = await question(answered);
    const { db } = hub.hub;
    await hub.stop();
    hub = await startTestHub(db, { mapping });
    assert.equal((await answer(asked.id, 'stop')).status, 200);
    assert.equal((await read(answered)).flowRun.status, 'SUCCEEDED');
    const late = await start('soon');
    assert.equal((await question(late)).status, 'open');
    // Its time passes while no hub is there, or just after.
    await hub.stop();
    hub = await startTestHub(db, { mapping });
    const ended = await until('the expiry', async () => {
      const found = await read(late);
      return found.flowRun.status === 'FAILED' && found;
    });
    assert.match(ended.flowRun.reason ?? '', /WebInputExpired/);
  });
});
