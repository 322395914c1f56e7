import type { ChosenMove, Placement } from '@interpulse/domain/placement/snapshot.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  lockQueuedJobs,
  markPlaced,
  markUnplaced,
  type JobKind,
  type QueuedJob,
  type UnplacedKind,
} from '@interpulse/store/jobs/place-jobs.ts';
import { waitForLimitTurn } from '@interpulse/store/sites/limit-turn.ts';
import { leaseAtSite } from '../agents/lease-jobs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { chooseSites, lookAtSites, type ChosenSite } from './choose-sites.ts';
import { sendInputs } from './send-inputs.ts';

/** What placing came to. */
export interface Placed {
  considered: number;
  placed: number;
  /** Kinds of jobs that no site takes now. */
  unplaced: JobKind[];
  /** Whether any is left that a site would take if less ran under a limit. */
  waitsForLimit: boolean;
  /** Whether any was not looked at, since another hub is placing under its limits. */
  isHeldUp: boolean;
}

/** What else placing is told. */
export interface PlacingNow {
  /** Of all jobs, these kinds are not looked at. */
  passed?: readonly JobKind[];
  /** Where jobs go that were recalled for it, by job id. */
  moves?: ReadonlyMap<string, ChosenMove>;
  /** Waits until no other hub places under limits; for a transaction that has done nothing yet. */
  waitForLimits?: boolean;
}

const nothingPlaced: Placed = {
  considered: 0,
  placed: 0,
  unplaced: [],
  waitsForLimit: false,
  isHeldUp: false,
};

/**
 * Places queued jobs (these, or the most urgent of all but those of kinds that were `passed`), sets
 * their inputs going, and leases at once what needs none: in a transaction of the caller.
 */
export async function placeJobsNow(
  hub: Hub,
  tx: HubTransaction,
  jobIds: readonly string[] | null,
  { passed = [], moves = new Map(), waitForLimits = false }: PlacingNow = {},
): Promise<Placed> {
  const at = hub.now();
  // What was asked ahead is not so any more.
  void tx.ahead.take('sites');
  // Issued together, carried out in this order.
  const [, jobs, seen] = await Promise.all([
    waitForLimits ? waitForLimitTurn(tx) : undefined,
    lockQueuedJobs(tx, limits.jobsPerPlacement, at, { jobIds, passed }),
    lookAtSites(hub, tx, at),
  ]);
  if (jobs.length === 0) return nothingPlaced;
  const { placements, heldUp, chosen } = await chooseSites(hub, tx, { jobs, seen, moves }, at);
  const unplaced = unplacedKinds(jobs, placements);
  const decided = chosen.map((each) => each.decided);
  // Issued together, carried out in this order.
  const marked = Promise.all([markUnplaced(tx, unplaced), markPlaced(tx, decided, at)]);
  sendInputs(hub, tx, chosen, at);
  await marked;
  await leaseWhatIsReady(hub, tx, chosen);
  if (chosen.length > 0) tx.notify([eventsTopic, topics.pilots]);
  const waitsForLimit = placements.some((placement) => placement.waitsForLimit);
  const isHeldUp = heldUp.size > 0;
  return { considered: jobs.length, placed: chosen.length, unplaced, waitsForLimit, isHeldUp };
}

async function leaseWhatIsReady(
  hub: Hub,
  tx: HubTransaction,
  chosen: readonly ChosenSite[],
): Promise<void> {
  const ready = chosen.filter(({ decided }) => !decided.staging);
  const siteIds = new Set(ready.map(({ site }) => site.id));
  for (const siteId of [...siteIds].toSorted()) await leaseAtSite(hub, tx, siteId);
}

/** What was refused to one of a kind is refused to the next one too: each kind once. */
function unplacedKinds(
  jobs: readonly QueuedJob[],
  placements: readonly Placement[],
): UnplacedKind[] {
  const kinds = new Map<string, UnplacedKind>();
  const byId = new Map<string, QueuedJob>(jobs.map((job) => [job.id, job]));
  placements.forEach(({ jobId, siteId, reason, considered }) => {
    const job = byId.get(jobId);
    if (siteId !== null || job === undefined) return;
    const { specId, urgency, project, app } = job;
    const key = `${specId} ${urgency} ${project} ${app}`;
    kinds.set(key, { specId, urgency, project, app, reason, considered });
  });
  return [...kinds.values()];
}
