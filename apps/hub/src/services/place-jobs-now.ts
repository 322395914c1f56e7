import { placeJobs } from '@interpulse/domain/placement/place-jobs.ts';
import { assumptions } from '@interpulse/domain/placement/assumptions.ts';
import type { ChosenMove, Placement } from '@interpulse/domain/placement/snapshot.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  lockQueuedJobs,
  markPlaced,
  markUnplaced,
  type JobKind,
  type PlacedJob,
  type QueuedJob,
  type UnplacedKind,
} from '@interpulse/store/jobs/place-jobs.ts';
import { readLimitUses } from '@interpulse/store/sites/limits.ts';
import {
  readSiteSnapshots,
  type StoredSnapshot,
} from '@interpulse/store/sites/read-site-snapshots.ts';
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
import { sizeJobs } from './size-jobs.ts';
import { planStaging } from './stage-inputs.ts';

/** What placing came to. */
export interface Placed {
  considered: number;
  placed: number;
  /** Kinds of jobs that no site takes now. */
  unplaced: JobKind[];
}

/** What else placing is told. */
export interface PlacingNow {
  /** Of all jobs, these kinds are not looked at. */
  passed?: readonly JobKind[];
  /** Where jobs go that were recalled for it, by job id. */
  moves?: ReadonlyMap<string, ChosenMove>;
}

/** Where round robin goes on; of each hub for itself. */
const turns = new WeakMap<Hub, number>();

/**
 * Places queued jobs (these, or the most urgent of all but those of kinds that were `passed`), sets
 * their inputs going, and leases at once what needs none: in a transaction of the caller, so that a
 * step of a flow costs one commit.
 */
export async function placeJobsNow(
  hub: Hub,
  tx: HubTransaction,
  jobIds: readonly string[] | null,
  { passed = [], moves = new Map() }: PlacingNow = {},
): Promise<Placed> {
  const at = hub.now();
  const [jobs, sites, uses] = await Promise.all([
    lockQueuedJobs(tx, limits.jobsPerPlacement, at, { jobIds, passed }),
    readSiteSnapshots(tx, at, assumptions.runSeconds),
    readLimitUses(tx),
  ]);
  if (jobs.length === 0) return { considered: 0, placed: 0, unplaced: [] };
  const turn = turns.get(hub) ?? 0;
  turns.set(hub, turn + jobs.length);
  const sized = await sizeJobs(hub, tx, jobs);
  const placements = placeJobs(sized, sites, { now: at, limits: uses, turn, moves });
  const placed = match(jobs, placements, sites);
  const unplaced = unplacedKinds(jobs, placements);
  const decided = placed.map((each) => each.decided);
  // Issued together, carried out in this order.
  const [, , dispatched] = await Promise.all([
    markUnplaced(tx, unplaced),
    markPlaced(tx, decided, at),
    setGoing(
      tx,
      placed.flatMap((each) => transfersOf(hub, each)),
      at,
    ),
  ]);
  await orderTransfers(hub, tx, dispatched);
  await leaseWhatIsReady(hub, tx, placed);
  if (placed.length > 0) tx.notify([eventsTopic, topics.pilots]);
  return { considered: jobs.length, placed: placed.length, unplaced };
}

async function leaseWhatIsReady(
  hub: Hub,
  tx: HubTransaction,
  placed: readonly Matched[],
): Promise<void> {
  const ready = placed.filter(({ decided }) => !decided.staging);
  const chosen = new Map(ready.map(({ site }) => [site.id, site]));
  for (const [, site] of [...chosen].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    await leaseAtSite(hub, tx, site.id);
  }
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

function match(
  jobs: readonly QueuedJob[],
  placements: readonly Placement[],
  sites: readonly StoredSnapshot[],
): Matched[] {
  const byId = new Map<string | null, StoredSnapshot>(sites.map((site) => [site.id, site]));
  return placements.flatMap((placement, index) => {
    const job = jobs[index];
    const site = byId.get(placement.siteId);
    if (!job || !site) return [];
    const { stagedInputs, itemsBySource } = planStaging(job, site);
    const staging = itemsBySource.size > 0;
    return [{ decided: { job, placement, staging, stagedInputs }, site, itemsBySource }];
  });
}

/** What was refused to one of a kind is refused to the next one too: each kind once. */
function unplacedKinds(
  jobs: readonly QueuedJob[],
  placements: readonly Placement[],
): UnplacedKind[] {
  const kinds = new Map<string, UnplacedKind>();
  placements.forEach(({ siteId, reason, considered }, index) => {
    const job = jobs[index];
    if (siteId !== null || job === undefined) return;
    const { specId, urgency, project, app } = job;
    const key = `${specId} ${urgency} ${project} ${app}`;
    kinds.set(key, { specId, urgency, project, app, reason, considered });
  });
  return [...kinds.values()];
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
