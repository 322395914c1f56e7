import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedEnd, timeLeft } from './time-left.ts';

const at = (second: number) => new Date(1_800_000_000_000 + second * 1000).toISOString();
const open = { endedAt: null, status: 'ACTIVE' as const, deadlineAt: at(30) };

test('what is left, what is expected, how it ended', () => {
  const run = { ...open, predictedFinishAt: at(34) };
  assert.equal(timeLeft(run, at(10)), '20.0 s left');
  assert.equal(timeLeft(run, at(34)), '4.00 s late');
  assert.equal(expectedEnd(run, at(10)), 'in 24.0 s, 4.00 s late');
  assert.equal(expectedEnd({ ...run, predictedFinishAt: at(25) }, at(10)), 'in 15.0 s');
  assert.equal(expectedEnd({ ...run, predictedFinishAt: at(25) }, at(26)), 'soon');
  assert.equal(expectedEnd({ ...run, predictedFinishAt: null }, at(10)), null);
  assert.equal(timeLeft({ ...run, deadlineAt: null }, at(10)), null);
  const ended = { ...run, endedAt: at(30), predictedFinishAt: null };
  assert.equal(timeLeft({ ...ended, status: 'SUCCEEDED' }, at(99)), 'kept');
  assert.equal(timeLeft({ ...ended, status: 'FAILED' }, at(99)), 'missed');
});
