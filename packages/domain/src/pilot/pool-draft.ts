import { limits } from '../limits.ts';
import { secondsBetween, type Instant } from '../time.ts';
import type { JobsWaiting, PilotSeen, PoolNeeds, SiteNeeds } from './pilot-needs.ts';
import { roomOf, type PilotRoom } from './pilot-room.ts';
import type { PoolShape } from './pool-shortage.ts';

/** A pool while its site is planned. */
export interface PoolDraft {
  needs: PoolNeeds;
  /** Why nothing is submitted, whatever waits; null when it may be. */
  stopped: string | null;
  /** It takes no work at all: what is idle leaves. */
  isClosing: boolean;
  /** The largest pilot that it may have. */
  shape: PoolShape;
  /** Of a pilot that is submitted now. */
  walltimeSeconds: number;
  nodesPerPilot: number;
  minWarm: number;
  maxPilots: number;
  /** Pilots that have not ended; those near their end too. */
  alive: readonly PilotSeen[];
  /** Those with time left. */
  rooms: PilotRoom[];
  /** Rooms of pilots to submit. */
  added: PilotRoom[];
  /** Work that is counted to this pool. */
  waiting: { jobs: number; cores: number };
  /** Of it, what has no room, and may have no further pilot now. */
  beyond: JobsWaiting[];
}

/** What a pool starts from: its pilots with time left, and what a new one would be. */
export function draftPool(site: SiteNeeds, needs: PoolNeeds, now: Instant): PoolDraft {
  const { pool, settings, limits: most, pilots } = needs;
  const full = Math.min(settings.walltimeSeconds, most.walltimeSeconds);
  const cut = cutWalltime(site, full, now);
  const stopped = site.open ? (settings.paused ? 'paused' : cut.stopped) : 'site is closed';
  const alive = pilots.filter(({ state }) => state !== 'ended' && state !== 'lost');
  const leadSeconds = Math.min(limits.pilotReplaceSeconds, full / 10);
  return {
    needs,
    stopped,
    isClosing: !site.open || settings.paused || cut.seconds <= 0,
    shape: { ...pool, maxNodes: most.nodesPerPilot, walltimeSeconds: full },
    walltimeSeconds: cut.seconds,
    nodesPerPilot: Math.min(settings.nodesPerPilot, most.nodesPerPilot),
    minWarm: Math.min(settings.minWarm, settings.maxPilots, most.maxPilots),
    maxPilots: Math.min(settings.maxPilots, most.maxPilots),
    alive,
    // What works goes on working, so that what is idle may leave.
    rooms: alive
      .toSorted((a, b) => Number(isIdle(a)) - Number(isIdle(b)))
      .map((pilot) => roomOf(pool, pilot, { now, queuedSeconds: cut.seconds }))
      .filter(({ secondsLeft }) => secondsLeft >= Math.min(leadSeconds, cut.seconds)),
    added: [],
    waiting: { jobs: 0, cores: 0 },
    beyond: [],
  };
}

/** Batch systems count walltime in minutes: what is cut is cut to whole ones. */
const minuteSeconds = 60;

/** A pilot's walltime ends before the next maintenance begins. */
function cutWalltime(
  { maintenance }: SiteNeeds,
  full: number,
  now: Instant,
): { seconds: number; stopped: string | null } {
  const coming = maintenance.filter(({ endsAt }) => endsAt > now);
  const next = coming.toSorted((a, b) => (a.startsAt < b.startsAt ? -1 : 1))[0];
  if (next === undefined) return { seconds: full, stopped: null };
  const left = secondsBetween(now, next.startsAt);
  const why = next.reason === '' ? '' : ` (${next.reason})`;
  if (left <= 0) return { seconds: 0, stopped: `in maintenance until ${next.endsAt}${why}` };
  if (left >= full) return { seconds: full, stopped: null };
  const seconds = Math.floor(left / minuteSeconds) * minuteSeconds;
  const isTooLittle = seconds < Math.min(full, limits.pilotLeastSeconds);
  const stopped = `maintenance from ${next.startsAt}${why} leaves too little time for a pilot`;
  return { seconds, stopped: isTooLittle ? stopped : null };
}

/** Whether a pilot does nothing now. */
export function isIdle({ state, busyCores }: PilotSeen): boolean {
  return state === 'running' && busyCores === 0;
}
