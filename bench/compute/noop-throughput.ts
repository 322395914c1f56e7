import { unwrap } from '@interpulse/api/client/create-client.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startNoopFacility } from './noop-facility.ts';
import { measureBareSpawnRate } from './spawn-rate.ts';
import type { BenchHub } from './start-bench-hub.ts';

/** What running jobs that do nothing comes to. */
export interface NoopThroughput {
  noop_jobs_per_s: number;
  /** Over the rate at which this machine starts programs at all. */
  spawn_ratio: number;
  /** Time of a job when 200,000 are in the table over that at the first; null if not measured. */
  cost_growth_ratio: number | null;
}

/** Jobs of the measurement, of one sample of the cost, and of the table that has grown. */
const sizes = {
  quick: { jobs: 2_000, sample: 0, grown: 0 },
  full: { jobs: 20_000, sample: 2_000, grown: 200_000 },
};

/**
 * Jobs that do nothing, each a real program with its own work folder and logs, through one pilot of
 * two cores and the embedded database, from their submission to their last word. The rate at which
 * the machine starts programs is measured before and after, and the better one counts.
 */
export async function measureNoopThroughput({
  quick,
}: {
  quick: boolean;
}): Promise<NoopThroughput> {
  const { jobs, sample, grown } = quick ? sizes.quick : sizes.full;
  const before = await measureBareSpawnRate();
  const hub = await startNoopFacility();
  try {
    await run(hub, 200);
    const early = sample > 0 ? await run(hub, sample) : null;
    const rate = await run(hub, jobs);
    let growth: number | null = null;
    if (early !== null) {
      await fill(hub, grown - jobs);
      growth = early / (await run(hub, sample));
    }
    const bare = Math.max(before, await measureBareSpawnRate());
    return { noop_jobs_per_s: rate, spawn_ratio: rate / bare, cost_growth_ratio: growth };
  } finally {
    await hub.end();
  }
}

/** Jobs a second, from their submission to the end of the last. */
async function run(hub: BenchHub, count: number): Promise<number> {
  const startedMs = performance.now();
  const tag = { run: `r${Math.round(startedMs)}` };
  const ensembleIds: string[] = [];
  for (let left = count; left > 0; left -= limits.jobsPerSubmit) {
    const jobs = Array.from({ length: Math.min(left, limits.jobsPerSubmit) }, () => ({}));
    const common = { command: ['/bin/true'], tags: tag, resources: { walltimeSeconds: 60 } };
    const body = { common, ensemble: { label: 'no-op' }, jobs };
    const { ensembleId } = await unwrap(hub.client.POST('/api/v1/jobs', { body }));
    if (ensembleId !== null) ensembleIds.push(ensembleId);
  }
  for (const ensembleId of ensembleIds) await ended(hub, ensembleId);
  return (count / (performance.now() - startedMs)) * 1000;
}

async function ended(hub: BenchHub, ensembleId: string): Promise<void> {
  const params = { path: { ensembleId } };
  await until('the end of all jobs', 600, async () => {
    const { ensemble } = await unwrap(hub.client.GET('/api/v1/ensembles/{ensembleId}', { params }));
    if (ensemble.endedAt === null) {
      // Counting is work too: not more often than a person would look.
      await new Promise((resolve) => setTimeout(resolve, 250));
      return false;
    }
    if (ensemble.counts.completed !== ensemble.total) {
      throw new Error(`not all jobs completed: ${JSON.stringify(ensemble.counts)}`);
    }
    return true;
  });
}

/** Jobs of the past: submitted, and canceled at once, so that the table has its rows. */
async function fill(hub: BenchHub, count: number): Promise<void> {
  const path = { site: 'bench' };
  const body = { closed: true, reason: 'the table is filled' };
  await unwrap(hub.client.PATCH('/api/v1/sites/{site}', { params: { path }, body }));
  for (let left = count; left > 0; left -= limits.jobsPerSubmit) {
    const jobs = Array.from({ length: Math.min(left, limits.jobsPerSubmit) }, () => ({}));
    const common = { command: ['/bin/true'] };
    const filled = { common, ensemble: { label: 'filling' }, jobs };
    const { ensembleId } = await unwrap(hub.client.POST('/api/v1/jobs', { body: filled }));
    const params = { path: { ensembleId: ensembleId ?? '' } };
    await unwrap(hub.client.POST('/api/v1/ensembles/{ensembleId}/cancel', { params }));
  }
  const open = { closed: false };
  await unwrap(hub.client.PATCH('/api/v1/sites/{site}', { params: { path }, body: open }));
}

if (import.meta.main) {
  console.log(await measureNoopThroughput({ quick: process.argv.includes('--quick') }));
}
