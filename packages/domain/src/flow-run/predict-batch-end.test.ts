import assert from 'node:assert/strict';
import { test } from 'node:test';
import { predictBatchEnd } from './predict-batch-end.ts';

const now = '2026-11-22T12:00:00.000Z';
const lastEndsAt = ['11:59:50', '11:59:40', '11:59:30', '11:59:20'].map(
  (time) => `2026-11-22T${time}.000Z`,
);

test('a bulk start goes on at the pace of its last ends', () => {
  const at = predictBatchEnd({ remaining: 30, lastEndsAt }, now);
  assert.equal(at, '2026-11-22T12:06:40.000Z');
});

test('while nothing ends the pace falls', () => {
  const later = '2026-11-22T12:10:00.000Z';
  const at = predictBatchEnd({ remaining: 30, lastEndsAt }, later);
  assert.equal(at, '2026-11-22T13:56:40.000Z');
});

test('nothing is foretold without a pace, or without anything to come', () => {
  assert.equal(predictBatchEnd({ remaining: 0, lastEndsAt }, now), null);
  assert.equal(predictBatchEnd({ remaining: 9, lastEndsAt: lastEndsAt.slice(2) }, now), null);
  assert.equal(predictBatchEnd({ remaining: 9, lastEndsAt: [] }, now), null);
});
