import { urgencies } from '../job/urgency.ts';
import type { Candidate } from './candidate.ts';
import { coresDueBefore, coresOf, type SiteLoad } from './site-load.ts';
import type { PoolSeen } from './snapshot.ts';

/** Work that stands before a job, on the cores of the pools that could run it. */
interface Ahead {
  cores: number;
  coreSeconds: number;
}

/**
 * Seconds until a job can start. While the cores of its pools hold it and what is placed there of
 * its urgency or a greater one, a core is free for it; what is beyond them waits its turn. Pilots
 * that do not run yet are worth their start.
 */
export function estimateWait(candidate: Candidate & { runSeconds: number }): number {
  const { job, pools } = candidate;
  const needed = coresOf(job);
  const running = sum(pools, ({ coresTotal }) => coresTotal);
  const most = sum(pools, mostCores);
  const ahead = workAhead(candidate);
  const meanSeconds = ahead.cores > 0 ? ahead.coreSeconds / ahead.cores : candidate.runSeconds;
  const queued = (cores: number): number =>
    (Math.max(0, ahead.cores + needed - cores) * meanSeconds) / Math.max(1, cores);
  const starts = Math.min(...pools.map(({ pilotStartSeconds }) => pilotStartSeconds));
  const grown = starts + queued(Math.max(most, needed));
  if (running < needed) return grown;
  const free = running - sum(pools, ({ coresBusy }) => coresBusy);
  const queue = queued(running);
  // Cores may be busy with work that gives way only when it ends.
  const occupied = queue === 0 && free < needed ? untilFree(candidate, needed - free) : 0;
  return most > running ? Math.min(queue + occupied, grown) : queue + occupied;
}

/** Seconds until so many of the busy cores are free, when their jobs end evenly spread. */
function untilFree({ pools, load, runSeconds }: Candidate & { runSeconds: number }, cores: number) {
  const all = sum(urgencies, (urgency) => load.cores[urgency]);
  const work = sum(urgencies, (urgency) => load.coreSeconds[urgency]);
  const busy = Math.max(
    1,
    sum(pools, ({ coresBusy }) => coresBusy),
  );
  return (cores * (all > 0 ? work / all : runSeconds)) / busy;
}

/**
 * The most pressing goes first: of equal urgency, what is due earlier. Of what is due later half
 * counts, for as much will yet come that is due earlier.
 */
function shareAhead(load: SiteLoad, { urgency, deadlineAt }: Candidate['job']): number {
  const all = load.cores[urgency];
  if (deadlineAt === null || all === 0) return 1;
  const earlier = Math.min(all, coresDueBefore(load, urgency, deadlineAt));
  return (earlier + (all - earlier) / 2) / all;
}

/** Work of the same or a greater urgency; what other pools can take too counts by their cores. */
function workAhead({ job, site, pools, load }: Candidate): Ahead {
  const ahead = { cores: 0, coreSeconds: 0 };
  for (const urgency of urgencies) {
    const here = sum(pools, (pool) => (pool.urgencies.includes(urgency) ? weight(pool) : 0));
    const all = sum(site.pools, (pool) => (pool.urgencies.includes(urgency) ? weight(pool) : 0));
    if (here > 0) {
      const share = (urgency === job.urgency ? shareAhead(load, job) : 1) * (here / all);
      ahead.cores += load.cores[urgency] * share;
      ahead.coreSeconds += load.coreSeconds[urgency] * share;
    }
    if (urgency === job.urgency) break;
  }
  return ahead;
}

function weight(pool: PoolSeen): number {
  return pool.coresTotal > 0 ? pool.coresTotal : pool.paused ? 0 : mostCores(pool);
}

/** What a pool may grow to. */
export function mostCores({ maxPilots, maxNodes, coresPerNode }: PoolSeen): number {
  return maxPilots * maxNodes * coresPerNode;
}

/** The sum of a value of each. */
export function sum<T>(all: readonly T[], valueOf: (one: T) => number): number {
  return all.reduce((total, one) => total + valueOf(one), 0);
}
