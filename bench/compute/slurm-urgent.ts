import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startSlurm, type TestSlurm } from '@interpulse/testing/slurm/start-slurm.ts';
import { whyNoSlurm } from '@interpulse/testing/slurm/why-no-slurm.ts';
import { percentile } from '../house/figures.ts';

const nodes = 2;
const coresPerNode = 8;

/** How soon urgent work runs when every node is busy with preemptable work. */
export interface SlurmUrgent {
  /** Median seconds from the submission of an urgent job to its first word; null without Slurm. */
  slurm_urgent_start_s_p50: number | null;
  rounds: number;
}

/**
 * A real Slurm, GraceTime=0, all nodes busy with backfill work in preemptable pilots: an urgent job
 * is submitted, a pilot for it is submitted to the demand queue, takes a node, and runs it.
 */
export async function measureSlurmUrgentStart({ quick }: { quick: boolean }): Promise<SlurmUrgent> {
  const reason = whyNoSlurm();
  if (reason !== false) {
    console.log(`no real Slurm here: ${reason}`);
    return { slurm_urgent_start_s_p50: null, rounds: 0 };
  }
  const folder = await mkdtemp(join(tmpdir(), 'ip-bench-slurm-'));
  const slurm = await startSlurm({ nodes, cpusPerNode: coresPerNode });
  let facility: Facility | undefined;
  try {
    await mkdir(join(folder, 'scratch'));
    facility = await startFacility({
      folder: join(folder, 'facility'),
      agents: [site(slurm, folder)],
    });
    const rounds = quick ? 2 : 7;
    await fillNodes(facility);
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round += 1) seconds.push(await takeOneNode(facility));
    return { slurm_urgent_start_s_p50: percentile(seconds, 0.5), rounds };
  } finally {
    await facility?.stop();
    await slurm.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function site(slurm: TestSlurm, folder: string) {
  const pool = { coresPerNode };
  return {
    site: 'centre',
    config: {
      compute: {
        batch: 'slurm',
        scheduler: { commandFolder: '/usr/bin', environment: slurm.environment },
        scratchCollection: 'centre-scratch',
        allowsCommands: true,
        listen: { host: '127.0.0.1', advertise: '127.0.0.1' },
        graceSeconds: 0,
        pools: [
          {
            ...pool,
            name: 'demand',
            queue: 'demand',
            urgencies: ['urgent'],
            settings: { minWarm: 0, maxPilots: 1, idleSeconds: 1, walltimeSeconds: 3600 },
          },
          {
            ...pool,
            name: 'preemptable',
            queue: 'preemptable',
            urgencies: ['backfill'],
            preemptable: true,
            settings: { minWarm: 0, maxPilots: nodes, idleSeconds: 600, walltimeSeconds: 7200 },
          },
        ],
      },
      collections: [{ name: 'centre-scratch', root: join(folder, 'scratch') }],
      endPilots: true,
    },
  };
}

async function fillNodes(facility: Facility): Promise<void> {
  const common = {
    command: ['sleep', '3000'],
    urgency: 'backfill' as const,
    restartable: true,
    resources: { cores: coresPerNode / 2, walltimeSeconds: 3600 },
  };
  const jobs = Array.from({ length: nodes * 2 }, () => ({}));
  await unwrap(facility.client.POST('/api/v1/jobs', { body: { common, jobs } }));
  await allBusy(facility);
}

function allBusy(facility: Facility): Promise<unknown> {
  return until('backfill work on every node', 120, async () => {
    const query = { state: 'active', urgency: 'backfill' as const };
    const found = await unwrap(facility.client.GET('/api/v1/jobs/counts', { params: { query } }));
    return found.total === nodes * 2;
  });
}

async function takeOneNode(facility: Facility): Promise<number> {
  const submittedAt = Date.now();
  const job = {
    command: ['true'],
    urgency: 'urgent' as const,
    resources: { cores: 1, walltimeSeconds: 60 },
  };
  const { jobIds } = await unwrap(facility.client.POST('/api/v1/jobs', { body: { jobs: [job] } }));
  const [jobId = ''] = jobIds;
  const startedAt = await until('the urgent job', 60, async () => {
    const params = { path: { jobId } };
    const found = await unwrap(facility.client.GET('/api/v1/jobs/{jobId}', { params }));
    if (found.job.state === 'failed') throw new Error(found.job.reason ?? 'the urgent job failed');
    return found.job.startedAt;
  });
  await until('the demand pilot to leave', 60, async () => {
    const query = { alive: 'true' };
    const { items } = await unwrap(facility.client.GET('/api/v1/pilots', { params: { query } }));
    return items.every(({ pool }) => pool !== 'demand');
  });
  await allBusy(facility);
  return (Date.parse(startedAt) - submittedAt) / 1000;
}
