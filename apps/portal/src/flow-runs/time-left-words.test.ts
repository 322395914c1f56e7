import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeLeftWords } from './time-left-words.ts';

const zero = Date.parse('2026-11-21T12:00:00.000Z');
const at = (seconds: number) => new Date(zero + seconds * 1000).toISOString();
const open = { endedAt: null, status: 'ACTIVE' as const };

test('what is left, what is expected, and what will be late', () => {
  const words = (deadline: number | null, finish: number | null) =>
    timeLeftWords(
      {
        ...open,
        deadlineAt: deadline === null ? null : at(deadline),
        predictedFinishAt: finish === null ? null : at(finish),
      },
      zero,
    );
  assert.deepEqual(words(30, 12), { main: '30.0 s left', more: 'done in 12.0 s', isLate: false });
  assert.deepEqual(words(30, 34), {
    main: '30.0 s left',
    more: 'expected 4.0 s late',
    isLate: true,
  });
  assert.deepEqual(words(30, -5), { main: '30.0 s left', more: 'done soon', isLate: false });
  assert.deepEqual(words(-3, 5), { main: '3.0 s late', more: 'done in 5.0 s', isLate: true });
  assert.deepEqual(words(30, null), { main: '30.0 s left', more: null, isLate: false });
  assert.deepEqual(words(null, 12), { main: 'done in 12.0 s', more: null, isLate: false });
  assert.equal(words(null, null).main, null);
});

test('of one that has ended: kept, or missed', () => {
  const ended = { deadlineAt: at(30), predictedFinishAt: null };
  const words = (seconds: number, status: 'SUCCEEDED' | 'FAILED') =>
    timeLeftWords({ ...ended, endedAt: at(seconds), status }, zero).main;
  assert.deepEqual(
    [words(30, 'SUCCEEDED'), words(31, 'SUCCEEDED'), words(1, 'FAILED')],
    ['kept', 'missed', 'missed'],
  );
});
