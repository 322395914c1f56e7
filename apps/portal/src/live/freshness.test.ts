import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shot } from '@interpulse/domain/instrument/instrument.ts';
import { judgeFreshness } from './freshness.ts';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();

/** A shot every 20 s, due before the next; answered 9 s later when asked for. */
function shot(number: number, change: Partial<Shot> = {}): Shot {
  return {
    instrument: 'xpcs-sim',
    number,
    takenAt: at(number * 20),
    datasetId: null,
    flowRunId: null,
    flowStatus: 'ACTIVE',
    resultDatasetId: null,
    deadlineAt: at(number * 20 + 20),
    answeredAt: null,
    answerSeconds: null,
    inTime: null,
    ...change,
  };
}

const answered = (number: number) =>
  shot(number, {
    answeredAt: at(number * 20 + 9),
    resultDatasetId: 'dataset_00000000000000000000000000',
    flowStatus: 'SUCCEEDED',
  });

const judge = (shots: Shot[], last: number, seconds: number) =>
  judgeFreshness(shots, last, seconds * 1000);

test('an answer for the newest shot is fresh', () => {
  const { kind, shotsBehind } = judge([answered(5), answered(4)], 5, 110);
  assert.deepEqual([kind, shotsBehind], ['fresh', 0]);
});

test('while the newest shot may still be answered in time, the one before is shown', () => {
  const { kind, shown, newestNumber } = judge([shot(5), answered(4)], 5, 110);
  assert.deepEqual([kind, shown?.number, newestNumber], ['pending', 4, 5]);
});

test('past its deadline a missing answer makes the shown one stale', () => {
  assert.equal(judge([shot(5), answered(4)], 5, 121).kind, 'stale');
});

test('a failed analysis makes the shown answer stale at once', () => {
  assert.equal(judge([shot(5, { flowStatus: 'FAILED' }), answered(4)], 5, 105).kind, 'stale');
});

test('an answer two shots old is stale although the newest shot has time left', () => {
  const { kind, shotsBehind } = judge([shot(6), shot(5), answered(4)], 6, 121);
  assert.deepEqual([kind, shotsBehind], ['stale', 2]);
});

test('a shot that the instrument counted and the list lacks counts', () => {
  const { kind, newest, shotsBehind } = judge([answered(4)], 5, 101);
  assert.deepEqual([kind, newest, shotsBehind], ['pending', null, 1]);
});

test('without any answer there is none to judge', () => {
  assert.equal(judge([shot(5)], 5, 110).kind, 'none');
  assert.equal(judgeFreshness([], null, 0).newestNumber, null);
});
