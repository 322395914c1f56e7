import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openDatabase } from '@interpulse/store/database.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { countDeadlocks } from '@interpulse/testing/database/count-deadlocks.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from './testing/start-test-hub.ts';

const rounds = 15;

/** A job of so many seconds at most; each number is another spec. */
function job(walltimeSeconds: number, more: object) {
  const Parameters = { app: 'bare', resources: { walltimeSeconds } };
  const state = { Type: 'Action', ActionUrl: 'interpulse:compute', Parameters };
  return { ...state, WaitTime: 3600, ...more };
}

/** One job in the first round of a turn, another one after an action that ends at once. */
function twoRounds(first: number, second: number) {
  const skip = { Type: 'Action', ActionUrl: 'interpulse:skip', Parameters: {} };
  const branches = [
    { StartAt: 'First', States: { First: job(first, { End: true }) } },
    {
      StartAt: 'Skip',
      States: {
        Skip: { ...skip, ResultPath: '$.skip', Next: 'Second' },
        Second: job(second, { End: true }),
      },
    },
  ];
  const Both = { Type: 'Parallel', Branches: branches, ResultPath: '$.both', End: true };
  return { StartAt: 'Both', States: { Both } };
}

describe('what is submitted for the first time at two hubs', () => {
  let first: TestHub;
  let second: TestHub;

  before(async () => {
    const db = await openTestDatabase();
    first = await startTestHub(db);
    second = await startTestHub(openDatabase(db.connection, { log: silentLog }));
    const app = { command: ['bare'], resources: { cores: 1, walltimeSeconds: 60 } };
    assert.equal((await first.send('PUT', '/apps/bare', app)).status, 200);
  });
  after(async () => {
    for (const hub of [second, first]) {
      await hub.stop();
      await hub.hub.db.close();
    }
  });

  test('the same jobs in another order wait for nobody', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const [one, other] = [1000 + 2 * round, 1001 + 2 * round];
      const save = (flow: string, definition: object) =>
        first.send('PUT', `/flows/${flow}`, { definition, project: 'demo' });
      assert.equal((await save('there', twoRounds(one, other))).status, 200);
      assert.equal((await save('back', twoRounds(other, one))).status, 200);
      const answers = await Promise.all([
        first.send('POST', '/flow-runs', { flow: 'there', input: {} }),
        second.send('POST', '/flow-runs', { flow: 'back', input: {} }),
        first.send('POST', '/flow-runs', { flow: 'back', input: {} }),
        second.send('POST', '/flow-runs', { flow: 'there', input: {} }),
      ]);
      for (const { status, body } of answers) assert.equal(status, 201, JSON.stringify(body));
    }
    assert.equal(await countDeadlocks(first.hub.db), 0);
  });
});
