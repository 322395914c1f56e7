import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { findProcesses } from '@interpulse/testing/facility/find-processes.ts';
import { randomFromSeed } from '@interpulse/testing/facility/random-from-seed.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startSmallFacility, type SmallFacility } from './small-facility.ts';

const seed = Number(process.env['INTERPULSE_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['INTERPULSE_ROUNDS'] ?? 10);
const victims = ['hub', 'alpha', 'beta', 'beamline', 'pilot', 'database'] as const;

describe(`kill -9 of anything, at any moment of the main job (INTERPULSE_SEED=${seed})`, () => {
  let small: SmallFacility;
  before(async () => {
    small = await startSmallFacility();
  });
  after(async () => {
    await small.facility.stop();
    await rm(small.facility.folder, { recursive: true, force: true });
  });

  it('publishes the answer to every shot exactly once, and gives it back whole', async () => {
    const random = randomFromSeed(seed);
    for (let shot = 1; shot <= rounds; shot += 1) {
      await small.takeShot(shot);
      await pause(random() * 1500);
      // Every victim has its turn, in an order and at moments that the seed decides.
      const victim = victims[(shot + seed) % victims.length] ?? 'hub';
      console.log(`shot ${shot}: kill -9 ${victim}`);
      await killAndRestart(small, victim, random);
      await pause(random() * 500);
    }
    await allAnswered(small);
    await checkAnswers(small);
  });

  it('leaves no process behind', async () => {
    await small.facility.stop();
    const { folder } = small.facility;
    await until('all processes to end', 20, async () => findProcesses(folder).length === 0).catch(
      () => assert.deepEqual(findProcesses(folder), []),
    );
  });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function killAndRestart(
  { facility }: SmallFacility,
  victim: (typeof victims)[number],
  random: () => number,
): Promise<void> {
  if (victim === 'pilot') {
    const pilots = findProcesses(facility.folder).filter(({ command }) => /pilot/.test(command));
    const chosen = pilots[Math.floor(random() * pilots.length)];
    if (chosen) process.kill(chosen.pid, 'SIGKILL');
    return;
  }
  if (victim === 'database') {
    const server = findProcesses(facility.folder).find(({ command }) =>
      /postgres -D/.test(command),
    );
    if (server) process.kill(server.pid, 'SIGKILL');
    // A hub does not outlive its embedded database; whoever runs it starts it again.
    await facility.kill('hub');
    return facility.start('hub');
  }
  await facility.kill(victim);
  await facility.start(victim);
}

async function allAnswered({ facility }: SmallFacility): Promise<void> {
  await until('the end of all flow runs', 90, async () => {
    const query = { limit: 100 };
    const { items } = await unwrap(facility.client.GET('/api/v1/flow-runs', { params: { query } }));
    const open = items.filter((run) => run.status === 'ACTIVE' || run.status === 'INACTIVE');
    return items.length >= rounds && open.length === 0;
  });
}

async function checkAnswers({ facility, dataFolder }: SmallFacility): Promise<void> {
  const { client } = facility;
  const limit = { limit: 200 };
  const runs = await unwrap(client.GET('/api/v1/flow-runs', { params: { query: limit } }));
  const failed = runs.items.filter((run) => run.status !== 'SUCCEEDED');
  assert.deepEqual(
    failed.map(({ label, reason }) => `${label}: ${reason}`),
    [],
  );
  assert.equal(runs.items.length, rounds, 'one flow run for each shot');
  const query = { ...limit, kind: 'result' as const };
  const results = await unwrap(client.GET('/api/v1/datasets', { params: { query } }));
  const titles = results.items.map((dataset) => dataset.title).toSorted();
  const wanted = Array.from({ length: rounds }, (_, index) => `answer to shot ${index + 1}`);
  assert.deepEqual(titles, wanted.toSorted(), 'one result for each shot');
  for (let shot = 1; shot <= rounds; shot += 1) {
    const file = join(dataFolder, 'answers', `shot_${shot}`, 'result.txt');
    assert.equal(await readFile(file, 'utf8'), `answer to shot ${shot}\n`);
  }
  const jobs = await unwrap(client.GET('/api/v1/jobs', { params: { query: limit } }));
  for (const { id } of jobs.items) {
    const params = { path: { jobId: id } };
    const { attempts } = await unwrap(client.GET('/api/v1/jobs/{jobId}', { params }));
    const completed = attempts.filter((attempt) => attempt.outcome === 'completed');
    assert.equal(completed.length, 1, `one attempt of ${id} completed`);
  }
}
