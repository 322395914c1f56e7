import { parseLocation } from '@interpulse/domain/location.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { assumptions, placeJobs, type Placement } from '@interpulse/domain/placement/place-jobs.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  lockQueuedJobs,
  markPlaced,
  markUnplaced,
  sizesOfLocations,
  type PlacedJob,
  type QueuedJob,
} from '@interpulse/store/jobs/place-jobs.ts';
import { readSiteSnapshots, type StoredSnapshot } from '@interpulse/store/sites/read-sites.ts';
import {
  dispatchTransfers,
  insertTransfers,
  type NewTransfer,
  type OpenTransfer,
} from '@interpulse/store/transfers/transfers.ts';
import { leaseAtSite } from '../agents/lease-jobs.ts';
import { orderTransfers } from '../agents/transfer-orders.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { makeSecret } from '../secret.ts';
import { planStaging } from './stage-inputs.ts';

/** Until the catalog knows a file's size: bytes. */
const assumedInputBytes = 1_000_000;

/** What placing came to. */
export interface Placed {
  considered: number;
  placed: number;
}

/**
 * Places queued jobs (these, or the most urgent of all behind the first `passed`), sets their
 * inputs going, and leases at once what needs none: in a transaction of the caller, so that a step
 * of a flow costs one commit.
 */
export async function placeJobsNow(
  hub: Hub,
  tx: HubTransaction,
  jobIds: readonly string[] | null,
  passed = 0,
): Promise<Placed> {
  const jobs = await lockQueuedJobs(tx, limits.jobsPerPlacement, jobIds, passed);
  if (jobs.length === 0) return { considered: 0, placed: 0 };
  const at = hub.now();
  const [sites, sized] = await Promise.all([
    readSiteSnapshots(tx, at, assumptions.runSeconds),
    withInputBytes(tx, jobs),
  ]);
  const placements = placeJobs(sized, sites, at);
  const placed = match(jobs, placements, sites);
  const transfers = placed.flatMap((each) => transfersOf(hub, each));
  // Issued together, carried out in this order.
  const [, , dispatched] = await Promise.all([
    markUnplaced(
      tx,
      placements.filter((placement) => placement.siteId === null),
    ),
    markPlaced(
      tx,
      placed.map(({ decided }) => decided),
      at,
    ),
    setGoing(tx, transfers, at),
  ]);
  await orderTransfers(hub, tx, dispatched);
  const ready = placed.filter(({ decided }) => !decided.staging);
  const chosen = new Map(ready.map(({ site }) => [site.id, site]));
  for (const [, site] of [...chosen].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    await leaseAtSite(hub, tx, site.id, site.scratchCollection ?? '');
  }
  if (placed.length > 0) tx.notify([eventsTopic, topics.pilots]);
  return { considered: jobs.length, placed: placed.length };
}

async function setGoing(
  tx: HubTransaction,
  transfers: readonly NewTransfer[],
  at: string,
): Promise<OpenTransfer[]> {
  if (transfers.length === 0) return [];
  const [, dispatched] = await Promise.all([
    insertTransfers(tx, transfers, at),
    dispatchTransfers(tx, at, transfers.length + 100),
  ]);
  return dispatched;
}

interface Matched {
  decided: PlacedJob;
  site: StoredSnapshot;
  itemsBySource: ReturnType<typeof planStaging>['itemsBySource'];
}

async function withInputBytes(tx: HubTransaction, jobs: readonly QueuedJob[]) {
  const sizes = await sizesOfLocations(
    tx,
    jobs.flatMap((job) => Object.values(job.inputs)),
  );
  return jobs.map((job) => {
    const inputBytes: Record<string, number> = {};
    for (const location of Object.values(job.inputs)) {
      const { collection } = parseLocation(location);
      const bytes = sizes.get(location) ?? assumedInputBytes;
      inputBytes[collection] = (inputBytes[collection] ?? 0) + bytes;
    }
    return { ...job, inputBytes };
  });
}

function match(
  jobs: readonly QueuedJob[],
  placements: readonly Placement[],
  sites: readonly StoredSnapshot[],
): Matched[] {
  return placements.flatMap((placement, index) => {
    const job = jobs[index];
    const site = sites.find(({ id }) => id === placement.siteId);
    if (!job || !site) return [];
    const { stagedInputs, itemsBySource } = planStaging(job, site);
    const staging = itemsBySource.size > 0;
    return [{ decided: { job, placement, staging, stagedInputs }, site, itemsBySource }];
  });
}

function transfersOf(hub: Hub, { decided: { job }, site, itemsBySource }: Matched): NewTransfer[] {
  return [...itemsBySource].map(([source, items]) => ({
    id: hub.newId('transfer'),
    label: `inputs of ${job.id}`,
    project: job.project,
    ownerId: job.ownerId,
    jobId: job.id,
    flowRunId: job.flowRunId,
    flowStep: null,
    source,
    destination: site.scratchCollection ?? '',
    items,
    secret: makeSecret('ticket'),
  }));
}
