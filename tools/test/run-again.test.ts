import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testGroups } from './groups.ts';
import type { Result } from './result.ts';
import { runFailedAgain } from './run-again.ts';
import type { FileRun } from './run-file.ts';

const runOf = (path: string, status: Result['status']): FileRun => ({
  path,
  output: '',
  durationMilliseconds: 1,
  results: [{ status, source: path, name: 'a test', reason: '', durationMilliseconds: 1 }],
});
const rooms = testGroups.find(({ name }) => name === 'rooms');
const unit = testGroups.find(({ name }) => name === 'unit');
const first = [runOf('a', 'passed'), runOf('b', 'failed'), runOf('c', 'failed')];
const second = (path: string) => Promise.resolve(runOf(path, path === 'b' ? 'passed' : 'failed'));
const statuses = (runs: FileRun[]) => runs.map(({ results }) => results[0]?.status);

test('what failed runs once more, alone, and its second run counts', async () => {
  assert.ok(rooms);
  const { runs, secondTries } = await runFailedAgain(rooms, first, {}, 2, second);
  assert.deepEqual(statuses(runs), ['passed', 'passed', 'failed']);
  assert.deepEqual(
    secondTries.map((each) => each.first.path),
    ['b', 'c'],
  );
});

test('pure tests and a run with many failures get no second try', async () => {
  assert.ok(rooms && unit);
  for (const [group, most] of [[unit, 9] as const, [rooms, 1] as const]) {
    const { runs, secondTries } = await runFailedAgain(group, first, {}, most, second);
    assert.deepEqual(statuses(runs), ['passed', 'failed', 'failed']);
    assert.equal(secondTries.length, 0);
  }
});
