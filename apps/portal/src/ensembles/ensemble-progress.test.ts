import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensembleProgress, noteEnded, rateWords, type EndedSample } from './ensemble-progress.ts';

const start = Date.parse('2026-11-20T10:00:00.000Z');
const ensemble = (completed: number, failed: number, queued: number) => ({
  counts: { completed, failed, queued },
  total: completed + failed + queued,
  createdAt: new Date(start).toISOString(),
  endedAt: null,
});

test('what was seen of late tells the end; the mean does until then', () => {
  const now = start + 1_000_000;
  const mean = ensembleProgress(ensemble(90, 10, 100), [], now);
  assert.equal(mean.basis, 'mean');
  assert.equal(mean.jobsPerSecond, 0.1);
  assert.equal(mean.expectedEndMilliseconds, now + 1_000_000);
  const samples = [
    { atMilliseconds: now - 20_000, ended: 60 },
    { atMilliseconds: now, ended: 100 },
  ];
  const seen = ensembleProgress(ensemble(90, 10, 100), samples, now);
  assert.equal(seen.basis, 'seen');
  assert.equal(seen.jobsPerSecond, 2);
  assert.equal(seen.expectedEndMilliseconds, now + 50_000);
});

test('nothing is promised before the first job has ended, nor after the last', () => {
  assert.equal(ensembleProgress(ensemble(0, 0, 9), [], start + 5000).expectedEndMilliseconds, null);
  const over = { ...ensemble(9, 0, 0), endedAt: new Date(start + 9000).toISOString() };
  const progress = ensembleProgress(over, [], start + 99_000);
  assert.equal(progress.expectedEndMilliseconds, null);
  assert.equal(progress.jobsPerSecond, 1);
});

test('a retry begins the samples anew; old ones go', () => {
  let samples: EndedSample[] = [];
  for (let second = 0; second <= 400; second += 10) {
    samples = noteEnded(samples, { atMilliseconds: start + second * 1000, ended: second });
  }
  assert.ok((samples[0]?.ended ?? 0) >= 200);
  assert.equal(noteEnded(samples, { atMilliseconds: start + 500_000, ended: 3 }).length, 1);
  const same = noteEnded(samples, { atMilliseconds: start + 400_000, ended: 409 });
  assert.deepEqual([same.length, same.at(-1)?.ended], [samples.length, 409]);
});

test('rates are readable', () => {
  assert.equal(rateWords(12.4), '12 jobs/s');
  assert.equal(rateWords(0.5), '30 jobs/min');
  assert.equal(rateWords(0.001), '3.6 jobs/h');
});
