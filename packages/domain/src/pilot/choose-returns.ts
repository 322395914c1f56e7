import type { PilotId } from '../id.ts';
import { emptiest, fitsTimes, suits, type PilotWithRoom, type ReadyJob } from './choose-leases.ts';

/** A job that a pilot has and has not begun. */
export interface KeptJob extends ReadyJob {
  pilotId: PilotId;
  attempt: number;
  /** Its pilot was asked for it a moment ago. */
  isAsked: boolean;
}

/** What returning sees of a site. */
export interface KeptWork {
  /** In the order in which pilots got it. */
  kept: readonly KeptJob[];
  /** They are changed. */
  pilots: readonly PilotWithRoom[];
  /** What is ready and no pilot has, one job of each kind. */
  waiting: readonly ReadyJob[];
}

/**
 * Chooses what pilots shall give back because others have room for it now, while they themselves
 * must end something first: of the fullest pilot first, and of each what it got last. A pilot that
 * suits work which nobody has is left to that work: it would only come before what is given back.
 */
export function chooseReturns({ kept, pilots, waiting }: KeptWork): KeptJob[] {
  const takers = pilots.filter((pilot) => !waiting.some((job) => suits(job, pilot)));
  const chosen: KeptJob[] = [];
  const last = kept.toReversed();
  for (const job of last.filter(({ isAsked }) => isAsked)) move(job, { pilots, takers });
  const holders = pilots.filter((pilot) => !holdsWhatFits(pilot)).toSorted(byFullness);
  for (const holder of holders) {
    for (const job of last) {
      if (holdsWhatFits(holder)) break;
      if (job.pilotId !== holder.id || job.isAsked) continue;
      if (move(job, { pilots, takers })) chosen.push(job);
    }
  }
  return chosen;
}

/** Counts a job to a pilot that can begin it at once; false when there is none. */
function move(
  job: KeptJob,
  { pilots, takers }: { pilots: readonly PilotWithRoom[]; takers: readonly PilotWithRoom[] },
): boolean {
  const holder = pilots.find(({ id }) => id === job.pilotId);
  const free = takers.filter((pilot) => {
    return pilot !== holder && suits(job, pilot) && fitsTimes(job, pilot, 1);
  });
  const taker = emptiest(free);
  if (taker === null) return false;
  count(taker, job, 1);
  if (holder !== undefined) count(holder, job, -1);
  return true;
}

function count(pilot: PilotWithRoom, job: ReadyJob, sign: 1 | -1): void {
  pilot.heldCores += sign * job.cores;
  pilot.heldGpus += sign * job.gpus;
  pilot.heldMemoryBytes += sign * job.memoryBytes;
  pilot.heldCoreSeconds += sign * job.runSeconds * job.cores;
}

const nothing = { cores: 0, gpus: 0, memoryBytes: 0 };

function holdsWhatFits(pilot: PilotWithRoom): boolean {
  return fitsTimes(nothing, pilot, 1);
}

function byFullness(a: PilotWithRoom, b: PilotWithRoom): number {
  return b.heldCores / b.cores - a.heldCores / a.cores;
}
