import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notDone } from './race.ts';

test('who lost a race that was won has not failed', () => {
  const lost = { count: 3, word: 'did not win', tone: 'off' };
  assert.deepEqual(notDone(true, { done: 1, failed: 1, canceled: 2 }), [lost]);
  const failed = { count: 2, word: 'failed', tone: 'bad' };
  assert.deepEqual(notDone(true, { done: 0, failed: 2, canceled: 0 }), [failed]);
});

test('what was canceled has not failed', () => {
  assert.deepEqual(notDone(false, { done: 3, failed: 1, canceled: 2 }), [
    { count: 1, word: 'failed', tone: 'bad' },
    { count: 2, word: 'canceled', tone: 'off' },
  ]);
  assert.deepEqual(notDone(false, { done: 3, failed: 0, canceled: 0 }), []);
});
