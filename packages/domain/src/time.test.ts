import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addSeconds, fromMilliseconds, instantSchema, secondsBetween } from './time.ts';

test('an instant is what Date makes of it, over the bounds of days and years', () => {
  const last = Date.parse('9999-12-31T23:59:59.999Z');
  const first = Date.parse('0000-01-01T00:00:00.000Z');
  const near = fc.integer({ min: -2000, max: 2000 }).map((ms) => Date.parse('2026-11-22') + ms);
  fc.assert(
    fc.property(fc.oneof(near, fc.integer({ min: first, max: last })), (milliseconds) => {
      const instant = fromMilliseconds(milliseconds);
      assert.equal(instant, new Date(milliseconds).toISOString());
      assert.ok(instantSchema.safeParse(instant).success);
    }),
    { numRuns: 1000 },
  );
  assert.throws(() => fromMilliseconds(Number.NaN), RangeError);
  assert.throws(() => fromMilliseconds(Infinity), RangeError);
});

test('seconds added are seconds between', () => {
  const now = '2026-11-21T23:59:59.900Z';
  assert.equal(addSeconds(now, 0.1), '2026-11-22T00:00:00.000Z');
  assert.equal(secondsBetween(now, addSeconds(now, -1.5)), -1.5);
});
