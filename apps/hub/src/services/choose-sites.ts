import { assumptions } from '@interpulse/domain/placement/assumptions.ts';
import { placeJobs } from '@interpulse/domain/placement/place-jobs.ts';
import type {
  ChosenMove,
  LimitUse,
  PlacedSince,
  Placement,
} from '@interpulse/domain/placement/snapshot.ts';
import type { PlacedJob, QueuedJob } from '@interpulse/store/jobs/place-jobs.ts';
import { readLimitUses } from '@interpulse/store/sites/limits.ts';
import {
  readSiteSnapshots,
  type StoredSnapshot,
} from '@interpulse/store/sites/read-site-snapshots.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { limitTurn } from './limit-turn.ts';
import { sizeJobs } from './size-jobs.ts';
import { planStaging, type Staging } from './stage-inputs.ts';
import { UnderWay } from './under-way.ts';

/** What placing sees. */
export interface SitesSeen {
  sites: StoredSnapshot[];
  limits: LimitUse[];
  /** See `UnderWay`. */
  lookedAt: number;
}

/** A job with its site, and what has to travel there. */
export interface ChosenSite {
  decided: PlacedJob;
  site: StoredSnapshot;
  itemsBySource: Staging['itemsBySource'];
}

/** What was decided of jobs. */
export interface ChosenSites {
  /** In the order of the jobs. */
  placements: Placement[];
  /** Jobs that were not looked at: another hub is placing under their limits. */
  heldUp: ReadonlySet<string>;
  chosen: ChosenSite[];
}

/** Where round robin goes on, and what is being placed; of each hub for itself. */
interface Placing {
  turn: number;
  /** Empty at first. */
  lastSiteId: string;
  /** Until then, by `performance.now`, jobs may wait that a limit holds back. */
  waitsForLimitUntilMs: number;
  underWay: UnderWay<PlacedSince>;
}

const placings = new WeakMap<Hub, Placing>();

function placingOf(hub: Hub): Placing {
  const known = placings.get(hub);
  if (known !== undefined) return known;
  const underWay = new UnderWay<PlacedSince>();
  const made: Placing = { turn: 0, lastSiteId: '', waitsForLimitUntilMs: 0, underWay };
  placings.set(hub, made);
  hub.db.topics.on([topics.limitedJobs], () => {
    made.waitsForLimitUntilMs = performance.now() + limitNoteMilliseconds;
  });
  return made;
}

/** Each hub looks at what waits every 5 s at least: what it notes is kept for longer. */
const limitNoteMilliseconds = 12_000;

/** The time for {@link SitesSeen.lookedAt}. */
export function placingTime(hub: Hub): number {
  return placingOf(hub).underWay.now();
}

/** Where the job before went: the next one does too, most likely. Empty before the first. */
export function lastSiteChosen(hub: Hub): string {
  return placingOf(hub).lastSiteId;
}

/** Whether some job waits until others end that count under the same limit. */
export function anyWaitsForLimit(hub: Hub): boolean {
  return performance.now() < placingOf(hub).waitsForLimitUntilMs;
}

/** Notes that some does, here and in the other hubs: it may end in any of them. */
export function noteWaitsForLimit(hub: Hub): void {
  hub.db.announce([topics.limitedJobs]);
}

/** Reads what placing sees of the sites. */
export async function lookAtSites(hub: Hub, tx: HubTransaction, at: string): Promise<SitesSeen> {
  const lookedAt = placingTime(hub);
  const [sites, limits] = await Promise.all([
    readSiteSnapshots(tx, at, assumptions.runSeconds),
    readLimitUses(tx),
  ]);
  return { sites, limits, lookedAt };
}

/**
 * Chooses sites for jobs, in their order, from what is seen of the sites and what other
 * transactions of this hub are placing at this moment. Jobs under limits under which another hub
 * is placing are left as they are.
 */
export async function chooseSites(
  hub: Hub,
  tx: HubTransaction,
  { jobs, seen, moves }: { jobs: readonly QueuedJob[]; seen: SitesSeen; moves?: Moves },
  at: string,
): Promise<ChosenSites> {
  const placing = placingOf(hub);
  const { turn, underWay } = placing;
  placing.turn += jobs.length;
  const all = await sizeJobs(hub, tx, jobs);
  const { sites, lookedAt } = seen;
  const limitsLookedAt = underWay.now();
  const { limits, isFresh, mustWait } = await limitTurn(hub, tx, all, seen.limits);
  const sized = all.filter((job) => !mustWait(job));
  const placements = placeJobs(sized, sites, {
    now: at,
    limits,
    turn,
    placedSince: underWay.since(lookedAt, tx),
    ...(isFresh ? { countedSince: underWay.since(limitsLookedAt, tx) } : {}),
    ...(moves ? { moves } : {}),
  });
  const placed = placements.flatMap(({ siteId, estimate }, index): PlacedSince[] => {
    const job = sized[index];
    if (siteId === null || estimate === null || job === undefined) return [];
    return [{ job, siteId, runSeconds: estimate.runSeconds }];
  });
  if (placed.length > 0) noteUnderWay(hub, tx, placed);
  placing.lastSiteId = placed.at(-1)?.siteId ?? placing.lastSiteId;
  const heldUp = new Set<string>(all.filter(mustWait).map(({ id }) => id));
  const looked = heldUp.size === 0 ? jobs : jobs.filter(({ id }) => !heldUp.has(id));
  return { placements, heldUp, chosen: match(looked, placements, sites) };
}

type Moves = ReadonlyMap<string, ChosenMove>;

function noteUnderWay(hub: Hub, tx: HubTransaction, placed: readonly PlacedSince[]): void {
  const { underWay } = placingOf(hub);
  let isUndone = true;
  underWay.add(tx, placed);
  tx.afterCommit(() => (isUndone = false));
  tx.whenOver(() => {
    underWay.end(tx);
    // What it would have taken is free for others, which may have been refused for it.
    if (isUndone) hub.db.topics.emit([topics.queuedJobs]);
  });
}

function match(
  jobs: readonly QueuedJob[],
  placements: readonly Placement[],
  sites: readonly StoredSnapshot[],
): ChosenSite[] {
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
