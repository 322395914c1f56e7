import type { HeldByPilot } from '@interpulse/store/jobs/lease-jobs.ts';
import type { Hub } from '../hub.ts';

/** Pilots that hold no more jobs than this are looked at whenever one of these has ended. */
const fewJobs = 32;
/** Of many jobs, those that end are made up for in portions of this part. */
const portion = 4;
/** Pilots of which it is remembered what they hold; beyond, it is begun anew. */
const mostPilots = 10_000;

const paces = new WeakMap<Hub, Map<string, { held: number; ended: number }>>();

function paceOf(hub: Hub): Map<string, { held: number; ended: number }> {
  const known = paces.get(hub) ?? new Map<string, { held: number; ended: number }>();
  if (known.size > mostPilots) known.clear();
  paces.set(hub, known);
  return known;
}

/** Notes what pilots hold, as it was when they were last looked at for leases. */
export function noteHeld(hub: Hub, pilots: readonly HeldByPilot[]): void {
  const pace = paceOf(hub);
  for (const { pilotId, jobs } of pilots) pace.set(pilotId, { held: jobs, ended: 0 });
}

/**
 * Of these pilots, of each of which some jobs have just ended, those that may want more: short jobs
 * end by the hundred a second, and a pilot that has many at hand is not looked at for each of them.
 * What is missed so is made good by the reconciler.
 */
export function pilotsWantingMore(hub: Hub, ended: ReadonlyMap<string, number>): string[] {
  const pace = paceOf(hub);
  return [...ended].flatMap(([pilotId, count]) => {
    const seen = pace.get(pilotId);
    if (seen === undefined) return [pilotId];
    seen.ended += count;
    return seen.held <= fewJobs || seen.ended * portion >= seen.held ? [pilotId] : [];
  });
}
