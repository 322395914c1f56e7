import type { PlacementStrategy } from '../job/job.ts';
import type { Estimate } from './snapshot.ts';

/** A site that can take a job now. */
export interface OpenSite {
  name: string;
  /** Its place among all sites in the order of their names. */
  place: number;
  /** Jobs that are placed there, those of this round included. */
  jobs: number;
  estimate: Estimate;
}

/** Where round robin goes on: a place, and how many there are. */
export interface RobinTurn {
  place: number;
  places: number;
}

/** Chooses one of the sites that can take a job; null when there is none. */
export function chooseSite<T extends OpenSite>(
  strategy: PlacementStrategy,
  open: readonly T[],
  turn: RobinTurn,
): T | null {
  const precedes = orders[strategy];
  let best: T | null = null;
  for (const site of open) {
    if (best === null || precedes(site, best, turn)) best = site;
  }
  return best;
}

type Precedes = (a: OpenSite, b: OpenSite, turn: RobinTurn) => boolean;

const orders: Record<PlacementStrategy, Precedes> = {
  earliestFinish: (a, b) => {
    if (a.estimate.inTime !== b.estimate.inTime) return a.estimate.inTime;
    if (a.estimate.finishAt !== b.estimate.finishAt) {
      return a.estimate.finishAt < b.estimate.finishAt;
    }
    return hasFewer(a, b);
  },
  shortestBacklog: hasFewer,
  roundRobin: (a, b, turn) => away(a, turn) < away(b, turn),
};

/** Of two sites alike the one with less work, so that a burst spreads; then the same one always. */
function hasFewer(a: OpenSite, b: OpenSite): boolean {
  return a.jobs === b.jobs ? a.place < b.place : a.jobs < b.jobs;
}

function away({ place }: OpenSite, turn: RobinTurn): number {
  return (place - (turn.place % turn.places) + turn.places) % turn.places;
}
