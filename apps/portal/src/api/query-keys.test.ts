import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryEvent } from '@interpulse/domain/event/event.ts';
import { keysTouchedBy, paceOf, queryKeys } from './query-keys.ts';

const event = (subjectType: HistoryEvent['subjectType'], subjectId: string): HistoryEvent => ({
  cursor: '1',
  at: '2026-11-20T10:00:00.000Z',
  kind: `${subjectType}.changed`,
  subjectType,
  subjectId,
  project: null,
  flowRunId: null,
  actor: null,
  data: {},
});

/** Whether a question is among what an event makes out of date, as TanStack Query compares. */
function isTouched(key: readonly unknown[], by: HistoryEvent): boolean {
  return keysTouchedBy(by).some((start) => start.every((word, place) => key[place] === word));
}

test('an event of a job touches lists, counts and ensembles, and no other job', () => {
  const job = event('job', 'job_1');
  for (const key of [
    queryKeys.job('job_1'),
    queryKeys.jobs({ ensemble: 'ensemble_1' }),
    queryKeys.jobCounts({}),
    queryKeys.ensembles({}),
    queryKeys.ensemble('ensemble_1'),
    queryKeys.ensembleGrid('ensemble_1'),
    queryKeys.history('job_1'),
  ]) {
    assert.ok(isTouched(key, job), JSON.stringify(key));
  }
  assert.ok(!isTouched(queryKeys.job('job_2'), job));
  assert.ok(!isTouched(queryKeys.collections, job));
});

test('a pilot touches its site, an app its page', () => {
  assert.ok(isTouched(queryKeys.site('alpha'), event('pilot', 'pilot_1')));
  assert.ok(isTouched(queryKeys.pilots('alpha', true), event('pilot', 'pilot_1')));
  assert.ok(isTouched(queryKeys.app('xpcs'), event('app', 'xpcs')));
});

test('large answers have a pace, one job has none', () => {
  assert.ok(paceOf(queryKeys.ensembleGrid('ensemble_1')) >= 2000);
  assert.equal(paceOf(queryKeys.job('job_1')), 0);
});
