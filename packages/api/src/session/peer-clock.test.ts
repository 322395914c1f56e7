import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PeerClock } from './peer-clock.ts';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-11-21T12:00:00.000Z');

interface Heard {
  clock: PeerClock;
  ours: { nowMs: number };
}

function fresh(): Heard {
  const ours = { nowMs: startMs };
  return { clock: new PeerClock(() => ours.nowMs), ours };
}

/** Beats every 5 s from a peer whose clock is ahead, each so long on its way. */
function heard({ clock, ours }: Heard, aheadMs: number, waysMs: readonly number[]): number[] {
  return waysMs.map((wayMs, beat) => {
    ours.nowMs = startMs + beat * 5_000;
    const sentAt = new Date(ours.nowMs + aheadMs - wayMs).toISOString();
    clock.hear({ type: 'beat', sentAt });
    return clock.aheadMs;
  });
}

describe('the clock of a peer', () => {
  test('is ours where both are close, whatever the line does', () => {
    assert.deepEqual(heard(fresh(), 0, [5, 80, 400]), [0, 0, 0]);
    assert.equal(heard(fresh(), 300, [3_000, 20, 900]).at(-1), 0);
  });

  test('is known to half a second when it is off, and does not waver with the line', () => {
    for (const aheadMs of [hourMs, -hourMs, 5_000]) {
      const found = heard(fresh(), aheadMs, [60, 20, 400, 900, 30, 50, 70, 10]);
      assert.ok(Math.abs((found.at(-1) ?? 0) - aheadMs) < 500, `${found.at(-1)}`);
      assert.equal(new Set(found).size, 1);
    }
  });

  test('is followed when it is set', () => {
    const clock = fresh();
    heard(clock, hourMs, [10, 10]);
    assert.deepEqual(heard(clock, 0, [10]), [0]);
    assert.deepEqual(heard(clock, hourMs, [0]), [hourMs]);
  });

  test('is not changed by words that are no instant', () => {
    const { clock } = fresh();
    clock.hear({ type: 'beat', sentAt: 'yesterday' });
    clock.hear({ type: 'beat' });
    assert.equal(clock.aheadMs, 0);
  });
});
