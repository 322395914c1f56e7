import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wholePercents } from './whole-percents.ts';

test('percentages make up 100, and none is a whole one off', () => {
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(shares, (list) => {
      const sum = list.reduce((whole, share) => whole + share, 0);
      fc.pre(sum > 1e-6);
      const percents = wholePercents(list);
      assert.equal(
        percents.reduce((whole, each) => whole + each, 0),
        100,
      );
      for (const [index, percent] of percents.entries()) {
        assert.ok(Math.abs(percent - ((list[index] ?? 0) / sum) * 100) < 1 + 1e-9);
      }
    }),
  );
  assert.deepEqual(wholePercents([1, 1, 1]), [34, 33, 33]);
  assert.deepEqual(wholePercents([0, 0]), [0, 0]);
});
