import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawRandom } from './draw-random.ts';

test('random bytes are as many as asked for, and given out once', () => {
  const seen = new Set<string>();
  for (let n = 0; n < 3000; n += 1) {
    const bytes = drawRandom(n % 2 === 0 ? 10 : 32);
    assert.equal(bytes.length, n % 2 === 0 ? 10 : 32);
    assert.ok(bytes.some((byte) => byte !== 0));
    seen.add(bytes.subarray(0, 10).toString('hex'));
  }
  assert.equal(seen.size, 3000);
});

test('what was drawn stays as it was', () => {
  const first = drawRandom(10);
  const text = first.toString('hex');
  for (let n = 0; n < 2000; n += 1) drawRandom(10);
  assert.equal(first.toString('hex'), text);
});
