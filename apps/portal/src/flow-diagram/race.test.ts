import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notDone } from './race.ts';

test('who lost a race that was won has not failed', () => {
  assert.equal(notDone(true, { done: 1 }).word, 'did not win');
  assert.equal(notDone(true, { done: 0 }).word, 'failed');
  assert.deepEqual(notDone(false, { done: 3 }), { word: 'failed', tone: 'bad' });
});
