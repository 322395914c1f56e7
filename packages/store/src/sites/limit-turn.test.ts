import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { isAnyoneWaiting } from '@interpulse/testing/database/is-anyone-waiting.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { openDatabase, type Database } from '../database.ts';
import { silentLog } from '../store-log.ts';
import { takeLimitTurn, waitForLimitTurn } from './limit-turn.ts';
import { deleteLimit, saveLimit } from './limits.ts';

const key = { project: 'demo', site: null, app: null };

withDatabases('the turn of placing under limits', (openFresh) => {
  let one: Database;
  let other: Database;
  const open: (() => Promise<void>)[] = [];

  before(async () => {
    one = await openFresh();
    other = openDatabase(one.connection, { log: silentLog });
  });
  afterEach(() => Promise.allSettled(open.splice(0).map((end) => end())));
  after(() => other.close());

  /** A transaction that is held open; `has` is whether it got its turn. */
  const held = async (db: Database, isPatient = false) => {
    const has = Promise.withResolvers<boolean>();
    const over = Promise.withResolvers<void>();
    const whole = db.transaction(async (tx) => {
      if (isPatient) await waitForLimitTurn(tx);
      has.resolve((await takeLimitTurn(tx, db)) !== undefined);
      await over.promise;
    });
    whole.catch(has.reject);
    const end = async (): Promise<void> => {
      over.resolve();
      await whole;
    };
    open.push(end);
    // The next one comes after it, and not beside it.
    if (!isPatient) await has.promise;
    return { has: has.promise, end };
  };
  const hasTurn = async (db: Database): Promise<boolean> => {
    const { has, end } = await held(db);
    await end();
    return has;
  };

  test('transactions of one hub share it; another hub has none until they are over', async () => {
    await saveLimit(one, { ...key, maxJobs: 1, maxCores: null });
    const [first, second] = [await held(one), await held(one)];
    assert.deepEqual(await Promise.all([first.has, second.has]), [true, true]);
    assert.equal(await hasTurn(other), false);
    await first.end();
    assert.equal(await hasTurn(other), false);
    await second.end();
    assert.equal(await hasTurn(other), true);
  });

  test('of two hubs at the same moment never both have it', async () => {
    for (let round = 0; round < 50; round += 1) {
      const both = await Promise.all([held(one), held(other)]);
      const has = await Promise.all(both.map((each) => each.has));
      assert.ok(!(has[0] && has[1]), `round ${round}`);
      await Promise.all(both.map((each) => each.end()));
    }
  });

  test('who waits for it has it alone, and nobody comes in before', async () => {
    const first = await held(one);
    const patient = await held(other, true);
    await until('it waits', 10, () => isAnyoneWaiting(one));
    assert.equal(await hasTurn(one), false, 'not even the hub that has it');
    await first.end();
    assert.equal(await patient.has, true);
    assert.equal(await hasTurn(one), false);
    const next = await held(one, true);
    await until('the next one waits', 10, () => isAnyoneWaiting(one));
    await patient.end();
    assert.equal(await next.has, true);
    await next.end();
  });

  test('without limits nobody waits', async () => {
    const first = await held(one, true);
    await deleteLimit(one, key);
    await other.transaction((tx) => waitForLimitTurn(tx));
    await first.end();
  });
});
