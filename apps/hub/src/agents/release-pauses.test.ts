import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ReleasePauses } from './release-pauses.ts';

const one = `pilot_${'1'.repeat(26)}` as const;
const other = `pilot_${'2'.repeat(26)}` as const;

describe('pilots that give work back', () => {
  test('get nothing for a while that grows, up to half a minute', () => {
    const pauses = new ReleasePauses();
    const lengths = Array.from({ length: 12 }, () => {
      pauses.note([{ pilotId: one, event: 'released' }], 0);
      const ends = [0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
      return ends.find((atMs) => !pauses.paused(atMs).has(one));
    });
    assert.deepEqual(
      lengths,
      [0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000],
    );
    assert.ok(!pauses.paused(0).has(other));
  });

  test('are as good as new once they begin something', () => {
    const pauses = new ReleasePauses();
    const released = { pilotId: one, event: 'released' } as const;
    for (let times = 0; times < 5; times += 1) pauses.note([released], 0);
    assert.ok(pauses.paused(0).has(one));
    pauses.note([released, { pilotId: one, event: 'started' }], 0);
    assert.ok(!pauses.paused(0).has(one));
    pauses.note([released], 0);
    assert.ok(!pauses.paused(0).has(one));
  });
});
