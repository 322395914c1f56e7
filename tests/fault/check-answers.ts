import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import type { SmallFacility } from './small-facility.ts';

/** Waits until so many flow runs are there and none is under way. */
export async function allAnswered(
  { facility }: SmallFacility,
  shots: number,
  seconds: number,
): Promise<void> {
  await until('the end of all flow runs', seconds, async () => {
    const query = { limit: 100 };
    const { items } = await unwrap(facility.client.GET('/api/v1/flow-runs', { params: { query } }));
    const open = items.filter((run) => run.status === 'ACTIVE' || run.status === 'INACTIVE');
    return items.length >= shots && open.length === 0;
  });
}

/**
 * Asserts that each of the first `shots` shots has one flow run that succeeded, one result with its
 * right content where it was wanted back, and jobs of which one attempt completed.
 */
export async function checkAnswers(
  { facility, dataFolder }: SmallFacility,
  shots: number,
): Promise<void> {
  const { client } = facility;
  const limit = { limit: 200 };
  const runs = await unwrap(client.GET('/api/v1/flow-runs', { params: { query: limit } }));
  const failed = runs.items.filter((run) => run.status !== 'SUCCEEDED');
  assert.deepEqual(
    failed.map(({ label, reason }) => `${label}: ${reason}`),
    [],
  );
  assert.equal(runs.items.length, shots, 'one flow run for each shot');
  const query = { ...limit, kind: 'result' as const };
  const results = await unwrap(client.GET('/api/v1/datasets', { params: { query } }));
  const titles = results.items.map((dataset) => dataset.title).toSorted();
  const wanted = Array.from({ length: shots }, (_, index) => `answer to shot ${index + 1}`);
  assert.deepEqual(titles, wanted.toSorted(), 'one result for each shot');
  for (let shot = 1; shot <= shots; shot += 1) {
    const file = join(dataFolder, 'answers', `shot_${shot}`, 'result.txt');
    assert.equal(await readFile(file, 'utf8'), `answer to shot ${shot}\n`);
  }
  const jobs = await unwrap(
    client.GET('/api/v1/jobs', { params: { query: { ...limit, app: 'work' } } }),
  );
  assert.equal(jobs.items.length, shots, 'one job for each shot');
  for (const { id } of jobs.items) {
    const params = { path: { jobId: id } };
    const { attempts } = await unwrap(client.GET('/api/v1/jobs/{jobId}', { params }));
    const completed = attempts.filter((attempt) => attempt.outcome === 'completed');
    assert.equal(completed.length, 1, `one attempt of ${id} completed`);
  }
}
