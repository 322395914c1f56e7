import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sweepParameters } from './sweep.ts';

test('values and ranges make every combination', () => {
  assert.deepEqual(sweepParameters(['q=0.5,high', 'n=1..5:2']), [
    { q: 0.5, n: 1 },
    { q: 0.5, n: 3 },
    { q: 0.5, n: 5 },
    { q: 'high', n: 1 },
    { q: 'high', n: 3 },
    { q: 'high', n: 5 },
  ]);
  assert.deepEqual(sweepParameters(['n=-2..0']), [{ n: -2 }, { n: -1 }, { n: 0 }]);
});

test('an empty, endless or nameless sweep is refused', () => {
  assert.throws(() => sweepParameters(['n=5..1']), /empty range/);
  assert.throws(() => sweepParameters(['n=1..5:0']), /empty range/);
  assert.throws(() => sweepParameters(['n=1..1000000']), /at most 10000/);
  assert.throws(() => sweepParameters(['a=1..200', 'b=1..200']), /more than 10000/);
  assert.throws(() => sweepParameters(['1..5']), /name=values/);
});
