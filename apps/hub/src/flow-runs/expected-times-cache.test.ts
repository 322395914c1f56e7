import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addSeconds } from '@interpulse/domain/time.ts';
import { openDatabase, type Database } from '@interpulse/store/database.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { isAnyoneWaiting } from '@interpulse/testing/database/is-anyone-waiting.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';
import { createExpectedTimesCache } from './expected-times-cache.ts';

const definition = { States: { Work: { Type: 'Pass' as const, End: true as const } } };
const now = '2026-01-01T00:00:00.000Z';

/** An executor whose answers come when they are told to. */
class Slow {
  readonly asked: ((seconds: number | null) => void)[] = [];
  readonly executor = {
    run: () =>
      new Promise((resolve) => {
        this.asked.push((seconds) =>
          resolve(
            seconds === null ? [] : [{ state: 'Work', seconds, slowSeconds: seconds, visits: 1 }],
          ),
        );
      }),
  } as unknown as Executor;
}

describe('what flows are expected to take', () => {
  test('is learned by each who asks first, and by nobody for another', async () => {
    const [one, other] = [new Slow(), new Slow()];
    const cache = createExpectedTimesCache(new Slow().executor);
    const waits = cache.get(one.executor, 'work', definition, now);
    const goesOn = cache.get(other.executor, 'work', definition, now);
    other.asked[0]?.(2);
    assert.equal((await goesOn)['Work']?.seconds, 2);
    one.asked[0]?.(1);
    assert.equal((await waits)['Work']?.seconds, 1);
  });

  test('is what was known, while it is learned anew once behind those who ask', async () => {
    const [asker, background] = [new Slow(), new Slow()];
    const cache = createExpectedTimesCache(background.executor);
    const at = async (seconds: number) =>
      (await cache.get(asker.executor, 'work', definition, addSeconds(now, seconds)))['Work']
        ?.seconds;
    const first = at(0);
    asker.asked[0]?.(1);
    assert.equal(await first, 1);
    assert.equal(await at(19), 1);
    assert.equal(background.asked.length, 0);
    assert.deepEqual([await at(25), await at(26)], [1, 1]);
    assert.equal(background.asked.length, 1);
    background.asked[0]?.(3);
    await until('what was learned', async () => (await at(27)) === 3);
    // So long after, it is better to wait for one's own answer.
    const late = at(10_000);
    asker.asked[1]?.(4);
    assert.equal(await late, 4);
    assert.deepEqual([asker.asked.length, background.asked.length], [2, 1]);
  });

  test('that there is nothing yet is soon asked again', async () => {
    const [asker, background] = [new Slow(), new Slow()];
    const cache = createExpectedTimesCache(background.executor);
    const get = (seconds: number) =>
      cache.get(asker.executor, 'work', definition, addSeconds(now, seconds));
    const first = get(0);
    asker.asked[0]?.(null);
    assert.deepEqual(await first, {});
    assert.deepEqual(await get(0.5), {});
    const second = get(2);
    asker.asked[1]?.(5);
    assert.equal((await second)['Work']?.seconds, 5);
  });
});

describe('starts with deadlines on few connections', () => {
  let fresh: Database;
  let hub: TestHub;

  before(async () => {
    fresh = await openTestDatabase();
    hub = await startTestHub(openDatabase(fresh.connection, { log: silentLog, connections: 3 }));
    const flow = { definition: { StartAt: 'Work', ...definition }, project: 'demo' };
    await hub.send('PUT', '/flows/work', flow);
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
    await fresh.close();
  });

  test('who holds a lock does not wait for those who wait for it', async () => {
    const lock = 'select pg_advisory_xact_lock(21)';
    const { db, expectedTimes } = hub.hub;
    await db.transaction(async (holder) => {
      await holder.query(lock);
      const waiting = db.transaction(async (tx) => {
        // Its answer comes after the lock's: what travels together is answered in order.
        const locked = tx.query(lock);
        await expectedTimes.get(tx, 'another', definition, hub.hub.now());
        await locked;
      });
      waiting.catch(() => undefined);
      await until('one waits', () => isAnyoneWaiting(fresh));
      await expectedTimes.get(holder, 'another', definition, hub.hub.now());
    });
  });

  test('twenty at once all begin, and go on while one is held up', async () => {
    const deadlineAt = addSeconds(new Date().toISOString(), 600);
    const body = { flow: 'work', deadlineAt };
    const start = () => hub.send('POST', '/flow-runs', body);
    await fresh.transaction(async (tx) => {
      // A connection of the hub waits for this lock for as long as the others start.
      await tx.query('select pg_advisory_xact_lock(22)');
      const held = hub.hub.db.transaction(async (own) => {
        const locked = own.query('select pg_advisory_xact_lock(22)');
        await hub.hub.expectedTimes.get(own, 'work', definition, hub.hub.now());
        await locked;
      });
      held.catch(() => undefined);
      await until('one waits', () => isAnyoneWaiting(fresh));
      const answers = await Promise.all(Array.from({ length: 20 }, start));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    });
  });
});
