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

/** How a job wants its site chosen. */
export interface Choice {
  strategy: PlacementStrategy;
  /** Until its deadline; infinite without one. */
  secondsLeft: number;
  turn: RobinTurn;
}

/** Chooses one of the sites that can take a job; null when there is none. */
export function chooseSite<T extends OpenSite>(
  open: readonly T[],
  { strategy, secondsLeft, turn }: Choice,
): T | null {
  if (strategy === 'shortestBacklog') return first(open, hasFewer);
  if (strategy === 'roundRobin') return first(open, (a, b) => away(a, turn) < away(b, turn));
  const inTime = open.filter(({ estimate }) => estimate.inTime);
  if (inTime.length === 0) return chooseLate(open);
  const easy = inTime.filter(({ estimate }) => isEasy(estimate, secondsLeft));
  return easy.length > 0 ? first(easy, hasFewer) : first(inTime, finishesEarlier);
}

/** What takes no more than this share of the time until its deadline is in no hurry. */
const easyShare = 2 / 3;

/**
 * Whether a job can start at once there and has time to spare: then the site with the least work
 * has it, and the quickest one stays free for those who need it.
 */
function isEasy(estimate: Estimate, secondsLeft: number): boolean {
  if (secondsLeft === Infinity || estimate.waitSeconds > 0) return false;
  return secondsOf(estimate) <= secondsLeft * easyShare;
}

/** A job that is late anyway is sent where it is done at most so many times later than it could. */
const lateFactor = 3;

/**
 * What is late everywhere goes where it takes nothing from what is in time: to cores that are free,
 * else to the site that is most behind. Sent to the best site it would, with its early deadline, go
 * before work that could still be in time there, until all sites are late with everything.
 */
function chooseLate<T extends OpenSite>(open: readonly T[]): T | null {
  const least = Math.min(...open.map(({ estimate }) => secondsOf(estimate)));
  const near = open.filter(({ estimate }) => secondsOf(estimate) <= least * lateFactor);
  const free = near.filter(({ estimate }) => estimate.waitSeconds === 0);
  if (free.length > 0) return first(free, finishesEarlier);
  return first(near, (a, b) => finishesEarlier(b, a));
}

function secondsOf(estimate: Estimate): number {
  const { transferSeconds, waitSeconds, runSeconds, returnSeconds } = estimate;
  return Math.max(transferSeconds, waitSeconds) + runSeconds + returnSeconds;
}

type Precedes = (a: OpenSite, b: OpenSite) => boolean;

function first<T extends OpenSite>(open: readonly T[], precedes: Precedes): T | null {
  let best: T | null = null;
  for (const site of open) {
    if (best === null || precedes(site, best)) best = site;
  }
  return best;
}

function finishesEarlier(a: OpenSite, b: OpenSite): boolean {
  const [mine, other] = [a.estimate.finishAt, b.estimate.finishAt];
  return mine === other ? hasFewer(a, b) : mine < other;
}

/** Of two sites alike the one with less work, so that a burst spreads; then the same one always. */
function hasFewer(a: OpenSite, b: OpenSite): boolean {
  return a.jobs === b.jobs ? a.place < b.place : a.jobs < b.jobs;
}

function away({ place }: OpenSite, turn: RobinTurn): number {
  return (place - (turn.place % turn.places) + turn.places) % turn.places;
}
