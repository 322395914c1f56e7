import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainStep } from './chain-step.ts';
import { triggerLimits } from './trigger-limits.ts';

/** Flow runs that come of one, when the end of each starts so many. */
function runsOfOne(starts: number): number {
  let sum = 0;
  let each = 1;
  for (let depth = 0; depth < triggerLimits.chainDepth; depth += chainStep(starts)) {
    each *= starts;
    sum += each;
  }
  return sum;
}

test('however many start of each, no more than a thousand come of one', () => {
  assert.equal(runsOfOne(1), triggerLimits.chainDepth);
  for (let starts = 2; starts < 1000; starts += 1)
    assert.ok(runsOfOne(starts) <= 1000, `${starts}`);
});

test('two of each may follow one another four times, three of each three times', () => {
  assert.equal(runsOfOne(2), 2 + 4 + 8 + 16);
  assert.equal(runsOfOne(3), 3 + 9 + 27);
});
