import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startSlurm, type TestSlurm } from '@interpulse/testing/slurm/start-slurm.ts';

/** Cores of each of the four nodes; the machine need not have them. */
export const coresPerNode = 4;

/** A centre with a real Slurm, its agent, and a hub. */
export interface SlurmWorld {
  slurm: TestSlurm;
  facility: Facility;
  /** Where jobs of the tests leave their notes. */
  notes: string;
  stop(): Promise<void>;
}

type JobFound = { job: Schemas['Job']; attempts: Schemas['JobAttempt'][] };

/** Urgent work takes nodes 1 to 3 from other work; node 4 is nobody else's. */
const partitions = [
  'PartitionName=demand Nodes=n[1-3] PriorityTier=100 PreemptMode=OFF State=UP',
  'PartitionName=preemptable Nodes=n[1-3] PriorityTier=1 PreemptMode=REQUEUE GraceTime=0 ' +
    'State=UP Default=YES',
  'PartitionName=quiet Nodes=n4 PriorityTier=1 PreemptMode=OFF State=UP',
];

const pools = [
  {
    name: 'demand',
    queue: 'demand',
    urgencies: ['urgent'],
    settings: { minWarm: 0, maxPilots: 2, idleSeconds: 2, walltimeSeconds: 600 },
  },
  {
    name: 'free',
    queue: 'preemptable',
    urgencies: ['normal', 'backfill'],
    preemptable: true,
    settings: { minWarm: 0, maxPilots: 3, nodesPerPilot: 2, idleSeconds: 5, walltimeSeconds: 3600 },
  },
  {
    // The shortest walltime that Slurm has.
    name: 'short',
    queue: 'quiet',
    account: 'short',
    urgencies: ['normal'],
    settings: { minWarm: 0, maxPilots: 1, idleSeconds: 5, walltimeSeconds: 60 },
  },
].map((pool) => ({ ...pool, coresPerNode }));

/** Starts it in a new temporary folder. */
export async function startSlurmWorld(): Promise<SlurmWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'ip-centre-'));
  const notes = join(folder, 'notes');
  const scratch = join(folder, 'scratch');
  for (const path of [notes, scratch]) await mkdir(path);
  const slurm = await startSlurm({ nodes: 4, cpusPerNode: coresPerNode, partitions });
  const compute = {
    batch: 'slurm',
    scheduler: { environment: { SLURM_CONF: slurm.conf } },
    scratchCollection: 'scratch',
    allowsCommands: true,
    listen: { host: '127.0.0.1', advertise: '127.0.0.1' },
    pools,
  };
  const collections = [{ name: 'scratch', root: scratch }];
  const config = { compute, collections, endPilots: true };
  const agents = [{ site: 'centre', config }];
  let facility: Facility | undefined;
  const stop = async (): Promise<void> => {
    await facility?.stop();
    await slurm.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    facility = await startFacility({ folder: join(folder, 'facility'), agents });
    const { client } = facility;
    await until('the site', 30, async () => {
      const { items } = await unwrap(client.GET('/api/v1/sites', {}));
      return items.some(({ status }) => status === 'up');
    });
    // One node each; for a job of two nodes the site still allows a pilot of two.
    const path = { site: 'centre', pool: 'free' };
    const tuned = { params: { path }, body: { nodesPerPilot: 1 } };
    await unwrap(client.PATCH('/api/v1/sites/{site}/pools/{pool}', tuned));
    return { slurm, facility, notes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A job with its attempts. */
export function readJob({ facility }: SlurmWorld, jobId: string): Promise<JobFound> {
  const params = { path: { jobId } };
  return unwrap(facility.client.GET('/api/v1/jobs/{jobId}', { params }));
}

/** Waits until all of them have completed; throws at once when one cannot any more. */
export async function allCompleted(
  world: SlurmWorld,
  jobIds: readonly string[],
  seconds: number,
): Promise<void> {
  const left = new Set(jobIds);
  let given: Error | undefined;
  await until(`${jobIds.length} jobs to complete`, seconds, async () => {
    for (const jobId of left) {
      const { job, attempts } = await readJob(world, jobId);
      if (job.state === 'failed' || job.state === 'canceled') {
        const said = attempts.at(-1)?.stderrTail ?? '';
        given = new Error(`${jobId} ${job.label} ${job.state}: ${job.reason}\n${said}`);
        return true;
      }
      if (job.state !== 'completed') return false;
      left.delete(jobId);
    }
    return true;
  });
  if (given !== undefined) throw given;
}
