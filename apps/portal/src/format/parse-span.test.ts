import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatSpan } from './duration.ts';
import { parseBytes, parseSpan } from './parse-span.ts';
import { formatBytes } from './quantity.ts';

test('lengths of time are read as people write them', () => {
  assert.equal(parseSpan('90'), 90);
  assert.equal(parseSpan(' 15 min '), 900);
  assert.equal(parseSpan('1h 30m'), 5400);
  assert.equal(parseSpan('1.5 h'), 5400);
  assert.equal(parseSpan('2 d'), 172_800);
  for (const text of ['', 'soon', '5 weeks', '1h of', '-3', '3 min x']) {
    assert.equal(parseSpan(text), null, text);
  }
});

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 23 * 60 }), (minutes) => {
      assert.equal(parseSpan(formatSpan(minutes * 60)), minutes * 60);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 4 }), (size, power) => {
      assert.equal(parseBytes(formatBytes(size * 1000 ** power)), size * 1000 ** power);
    }),
  );
});

test('sizes are read in decimal units', () => {
  assert.equal(parseBytes('64 GB'), 64e9);
  assert.equal(parseBytes('1.5TB'), 1.5e12);
  assert.equal(parseBytes('4096'), 4096);
  assert.equal(parseBytes('a lot'), null);
});
