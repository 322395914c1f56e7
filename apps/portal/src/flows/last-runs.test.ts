import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { sumUpRuns } from './last-runs.ts';

function run(status: Schemas['FlowRun']['status'], seconds: number | null) {
  const startedAt = '2026-11-21T10:00:00.000Z';
  const endedAt =
    seconds === null ? null : new Date(Date.parse(startedAt) + seconds * 1000).toISOString();
  return { status, startedAt, endedAt } as Schemas['FlowRun'];
}

test('the last runs of a flow are summed up', () => {
  const runs = [
    run('ACTIVE', null),
    run('SUCCEEDED', 4),
    run('FAILED', 100),
    run('ENDED', 1),
    run('SUCCEEDED', 2),
    run('SUCCEEDED', 9),
  ];
  const { successShare, ended, active, medianSeconds, newest } = sumUpRuns(runs);
  assert.deepEqual([successShare, ended, active, medianSeconds], [0.75, 4, 1, 4]);
  assert.equal(newest, runs[0]);
  assert.equal(sumUpRuns([run('SUCCEEDED', 4), run('SUCCEEDED', 2)]).medianSeconds, 3);
  assert.equal(sumUpRuns([]).successShare, null);
});
