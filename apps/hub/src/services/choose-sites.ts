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

/** What was decided of jobs; `placements` are in the order of the jobs. */
export interface ChosenSites {
  placements: Placement[];
  chosen: ChosenSite[];
}

/** Where round robin goes on, and what is being placed; of each hub for itself. */
interface Placing {
  turn: number;
  /** Empty at first. */
  lastSiteId: string;
  /** Whether a job was left queued because of a limit: the end of another may make room. */
  waitsForLimit: boolean;
  underWay: UnderWay<PlacedSince>;
}

const placings = new WeakMap<Hub, Placing>();

function placingOf(hub: Hub): Placing {
  const known = placings.get(hub) ?? {
    turn: 0,
    lastSiteId: '',
    waitsForLimit: false,
    underWay: new UnderWay<PlacedSince>(),
  };
  placings.set(hub, known);
  return known;
}

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
  return placingOf(hub).waitsForLimit;
}

/** Notes whether any does, after a look at all that is queued. */
export function noteWaitsForLimit(hub: Hub, waitsForLimit: boolean): void {
  placingOf(hub).waitsForLimit = waitsForLimit;
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
 * transactions of this hub are placing at this moment.
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
  const sized = await sizeJobs(hub, tx, jobs);
  const { sites, limits, lookedAt } = seen;
  const placedSince = underWay.since(lookedAt, tx);
  const placements = placeJobs(sized, sites, {
    now: at,
    limits,
    turn,
    placedSince,
    ...(moves ? { moves } : {}),
  });
  const placed = placements.flatMap(({ siteId, estimate }, index): PlacedSince[] => {
    const job = sized[index];
    if (siteId === null || estimate === null || job === undefined) return [];
    return [{ job, siteId, runSeconds: estimate.runSeconds }];
  });
  if (placed.length > 0) noteUnderWay(hub, tx, placed);
  placing.lastSiteId = placed.at(-1)?.siteId ?? placing.lastSiteId;
  return { placements, chosen: match(jobs, placements, sites) };
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
