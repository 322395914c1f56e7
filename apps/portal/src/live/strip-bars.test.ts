import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shot } from '@interpulse/domain/instrument/instrument.ts';
import { stripBars, summarizeBars } from './strip-bars.ts';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();

/** A shot at 0 whose file closed 2 s later, due at 20. */
const base: Shot = {
  instrument: 'xpcs-sim',
  number: 1,
  takenAt: at(0),
  datasetId: null,
  flowRunId: 'flowrun_00000000000000000000000000',
  flowStatus: 'ACTIVE',
  resultDatasetId: null,
  deadlineAt: at(20),
  answeredAt: null,
  answerSeconds: null,
  inTime: null,
};

const answered = (number: number, seconds: number): Shot => ({
  ...base,
  number,
  answeredAt: at(2 + seconds),
  answerSeconds: seconds,
  resultDatasetId: 'dataset_00000000000000000000000000',
  inTime: 2 + seconds <= 20,
});

test('answer time and deadline count from the same zero, the closed file', () => {
  const [bar] = stripBars([answered(1, 8)], 0);
  assert.deepEqual([bar?.seconds, bar?.deadlineSeconds, bar?.outcome], [8, 18, 'inTime']);
});

test('a shot on its way grows, and is late once its deadline has passed', () => {
  assert.deepEqual(stripBars([base], 5000)[0]?.outcome, 'pending');
  assert.deepEqual(stripBars([base], 5000)[0]?.seconds, 5);
  assert.deepEqual(stripBars([base], 21_000)[0]?.outcome, 'late');
});

test('the strip is oldest first and its summary leaves out what is on its way', () => {
  const failed: Shot = { ...base, number: 4, flowStatus: 'FAILED' };
  const bars = stripBars([{ ...base, number: 5 }, failed, answered(3, 19), answered(2, 7)], 1000);
  assert.deepEqual(
    bars.map((bar) => [bar.shot.number, bar.outcome]),
    [
      [2, 'inTime'],
      [3, 'late'],
      [4, 'failed'],
      [5, 'pending'],
    ],
  );
  const summary = summarizeBars(bars);
  assert.deepEqual([summary.ended, summary.inTime, summary.slowestSeconds], [3, 1, 19]);
});
