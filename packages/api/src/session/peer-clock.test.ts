import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PeerClock } from './peer-clock.ts';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-11-21T12:00:00.000Z');

/** Beats every 5 s from a peer whose clock is ahead, each so long on its way. */
function heard(clock: PeerClock, aheadMs: number, waysMs: readonly number[]): number[] {
  return waysMs.map((wayMs, beat) => {
    const nowMs = startMs + beat * 5_000;
    clock.note(new Date(nowMs + aheadMs - wayMs).toISOString(), nowMs);
    return clock.aheadMs;
  });
}

describe('the clock of a peer', () => {
  test('is ours where both are close, whatever the line does', () => {
    assert.deepEqual(heard(new PeerClock(), 0, [5, 80, 400]), [0, 0, 0]);
    assert.equal(heard(new PeerClock(), 300, [3_000, 20, 900]).at(-1), 0);
  });

  test('is known to half a second when it is off, and does not waver with the line', () => {
    for (const aheadMs of [hourMs, -hourMs, 5_000]) {
      const found = heard(new PeerClock(), aheadMs, [60, 20, 400, 900, 30, 50, 70, 10]);
      assert.ok(Math.abs((found.at(-1) ?? 0) - aheadMs) < 500, `${found.at(-1)}`);
      assert.equal(new Set(found).size, 1);
    }
  });

  test('is followed when it is set', () => {
    const clock = new PeerClock();
    heard(clock, hourMs, [10, 10]);
    assert.deepEqual(heard(clock, 0, [10]), [0]);
    assert.deepEqual(heard(clock, hourMs, [0]), [hourMs]);
  });

  test('is not changed by words that are no instant', () => {
    const clock = new PeerClock();
    clock.note('yesterday', startMs);
    assert.equal(clock.aheadMs, 0);
  });
});
