import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { Topics } from '@interpulse/store/topics.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { until } from '../testing/until.ts';
import { runReconcilers } from './run-reconcilers.ts';

/** A reconciler under the test's control: every round waits for `finish`. */
function controlled(restMilliseconds = 0) {
  let finish: (due?: boolean | string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const startedAt: number[] = [];
  const topics = new Topics(silentLog);
  const running = runReconcilers({ topics }, silentLog, [
    {
      name: 'controlled',
      topics: ['work:*'],
      restMilliseconds,
      everySeconds: 3600,
      run: () => {
        startedAt.push(performance.now());
        return new Promise((resolve, reject) => {
          finish = resolve;
          fail = reject;
        });
      },
    },
  ]);
  const rounds = (count: number) =>
    until(`${count} rounds`, async () => startedAt.length === count);
  return {
    topics,
    running,
    startedAt,
    rounds,
    finish: (due?: boolean | string) => finish(due),
    fail: () => fail(new Error('on purpose')),
  };
}

describe('a reconciler', () => {
  test('runs at the start, and once more for all nudges during a round', async () => {
    const it = controlled();
    await it.rounds(1);
    for (let nudge = 0; nudge < 5; nudge += 1) it.topics.emit([`work:${nudge}`]);
    assert.equal(it.startedAt.length, 1);
    it.finish();
    await it.rounds(2);
    it.finish();
    await delay(50);
    assert.equal(it.startedAt.length, 2);
    it.topics.emit(['other']);
    it.topics.emit(['work:now']);
    await it.rounds(3);
    it.finish();
    await it.running.stop();
  });

  test('rests after a round: nudges until then become one', async () => {
    const it = controlled(100);
    await it.rounds(1);
    it.finish();
    await delay(20);
    for (let nudge = 0; nudge < 5; nudge += 1) it.topics.emit([`work:${nudge}`]);
    await delay(20);
    assert.equal(it.startedAt.length, 1);
    await it.rounds(2);
    const [first = 0, second = 0] = it.startedAt;
    assert.ok(second - first >= 99, `rested ${second - first} ms`);
    it.finish();
    await it.running.stop();
  });

  test('runs again at once when it says so, and at the instant that it names', async () => {
    const it = controlled();
    await it.rounds(1);
    it.finish(true);
    await it.rounds(2);
    it.finish(new Date(Date.now() + 60).toISOString());
    await it.rounds(3);
    const pause = (it.startedAt[2] ?? 0) - (it.startedAt[1] ?? 0);
    assert.ok(pause >= 40, `${pause} ms`);
    it.finish();
    await it.running.stop();
  });

  test('waits longer after each failure, and runs after the line was restored', async () => {
    const it = controlled();
    for (const round of [1, 2, 3]) {
      await it.rounds(round);
      it.topics.emit(['work:during']);
      it.fail();
    }
    const [first = 0, second = 0, third = 0] = it.startedAt;
    assert.ok(second - first >= 190, `${second - first} ms`);
    assert.ok(third - second >= 390, `${third - second} ms`);
    await delay(20);
    assert.equal(it.startedAt.length, 3);
    it.topics.emitReconnected();
    await it.rounds(4);
    it.finish();
    await it.running.stop();
  });

  test('a stop waits for the round that runs, and nothing runs afterwards', async () => {
    const it = controlled();
    await it.rounds(1);
    it.topics.emit(['work:again']);
    let stopped = false;
    const stopping = it.running.stop().then(() => {
      stopped = true;
    });
    await delay(20);
    assert.equal(stopped, false);
    it.finish(true);
    await stopping;
    it.topics.emit(['work:late']);
    await delay(20);
    assert.equal(it.startedAt.length, 1);
  });
});
