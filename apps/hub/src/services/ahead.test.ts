import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';

describe('what a transaction asks ahead', () => {
  let hub: TestHub;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });

  test('a question that fails gives the transaction its error', async () => {
    const whole = hub.hub.transaction(async (tx) => {
      tx.ahead.ask('children', tx.query('select 1 / 0'));
      await tx.query('select 1');
    });
    await assert.rejects(whole, /division by zero/);
  });

  test('an answer is taken once', async () => {
    await hub.hub.transaction(async (tx) => {
      tx.ahead.ask('children', Promise.resolve(['job_1']));
      assert.deepEqual(await tx.ahead.take('children'), ['job_1']);
      assert.equal(tx.ahead.take('children'), undefined);
    });
  });
});
