import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Database } from '@interpulse/store/database.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';

const secret = 'swordfish';

type State = Record<string, unknown>;

/** One state that has a secret in its parameters or reads one, and leaves it somewhere. */
const states: fc.Arbitrary<State> = fc
  .record({
    how: fc.constantFrom('constant', 'path', 'expression', 'nested', 'earlier', 'fails'),
    type: fc.constantFrom('Pass', 'ExpressionEval'),
    name: fc.constantFrom('a', 'b'),
  })
  .map(({ how, type, name }) => {
    const parameters: Record<string, JsonObject> = {
      constant: { __Private_Parameters: ['token'], token: secret, plain: 1 },
      path: { 'token.$': '$._private.key', __Private_Parameters: ['token'] },
      expression: { 'token.=': "_private.key + '!'", 'n.=': 'len(_private.key)' },
      nested: { list: [{ deep: { __Private_Parameters: ['x'], 'x.=': '_private.key' } }] },
      earlier: { 'again.=': 'getattr("a.token", 0)', 'whole.=': 'getattr("b", 0)' },
      fails: { __Private_Parameters: ['n'], 'n.=': '_private.key - 1' },
    };
    return { Type: type, Parameters: parameters[how], ResultPath: `$.${name}` };
  });

const endings = fc.constantFrom<State>(
  { Type: 'Pass', End: true },
  { Type: 'Fail', Error: 'Odd', Cause: 'no reason' },
);

describe('hidden values', () => {
  let db: Database;
  let hub: TestHub;
  let reader: string;

  before(async () => {
    db = await openTestDatabase();
    hub = await startTestHub(db);
    reader = await hub.addUser('reader', 'reader');
  });
  after(async () => {
    await hub.stop();
    await db.close();
  });

  async function textOf(path: string): Promise<string> {
    const headers = { authorization: `Bearer ${reader}` };
    const answer = await fetch(`${hub.url}/api/v1${path}`, { headers });
    assert.equal(answer.status, 200, path);
    return answer.text();
  }

  test('are in no answer, log, event or step that others see', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(states, { minLength: 1, maxLength: 5 }), endings, runAndLook),
      { numRuns: 40 },
    );
  });

  async function runAndLook(list: State[], ending: State): Promise<void> {
    const named = [...list, ending].map((state, index) => {
      const next = index < list.length ? { Next: `S${index + 1}` } : {};
      return [`S${index}`, { ...state, ...next }] as const;
    });
    const definition = { StartAt: 'S0', States: Object.fromEntries(named) };
    await hub.saveFlow('secretive', definition);
    const input = { _private: { key: secret }, _privateNote: secret };
    const started = await hub.send('POST', '/flow-runs', { flow: 'secretive', input });
    const id = String(started.body['id']);
    const again = await hub.send('POST', `/flow-runs/${id}/rerun`, { from: 'S0', input });
    assert.equal(again.status, 201, JSON.stringify(again.body));
    const runs = [id, String(again.body['id'])].map((run) => `/flow-runs/${run}`);
    const paths = [
      ...runs.flatMap((run) => [run, `${run}/log`, `${run}/log/file`, `${run}/output`]),
      ...[id, String(again.body['id'])].map((run) => `/events?flowRun=${run}`),
      ...['/flow-runs?limit=5', '/flows/secretive', '/flows', '/events?subjectType=flow'],
    ];
    const texts = await Promise.all(paths.map(textOf));
    for (const [index, text] of texts.entries()) {
      assert.ok(!text.includes(secret), `${paths[index]}: ${text.slice(0, 2000)}`);
    }
    assert.ok(!JSON.stringify([started.body, again.body]).includes(secret));
  }
});
