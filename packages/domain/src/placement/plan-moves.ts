import { compareUrgency, urgencies } from '../job/urgency.ts';
import { limits as houseLimits } from '../limits.ts';
import { addSeconds, secondsBetween, type Instant } from '../time.ts';
import type { Candidate, Typical } from './candidate.ts';
import { estimateFinish, estimateRun, typicalOf } from './estimate-finish.ts';
import { mostCores, sum } from './estimate-wait.ts';
import { countLimits, type LimitCounts } from './limit-counts.ts';
import { refuseForMaintenance } from './refuse-for-maintenance.ts';
import { refusalKey, refuseSite, type SiteAnswer } from './refuse-site.ts';
import { addToLoad, coresOf, loadOf, removeFromLoad, type SiteLoad } from './site-load.ts';
import type { ChosenMove, Estimate, JobToPlace, LimitUse, SiteSnapshot } from './snapshot.ts';
import { placementWords } from './placement-words.ts';

/** A job that is placed and that no pilot has. */
export interface WaitingJob extends JobToPlace {
  /** Its inputs are on their way: it does not wait for a pilot yet. */
  isStaging: boolean;
  placedAt: Instant;
  /** How often it has been moved. */
  moves: number;
}

/** What waits at a site. */
export interface WaitingLine {
  siteId: string;
  /** When its pilots last got any of what they have; null when they have nothing. */
  lastLeaseAt: Instant | null;
  /** Of each urgency the last in line first: they wait longest, nobody begins them yet. */
  jobs: readonly WaitingJob[];
}

/** A job that goes elsewhere. */
export interface Move extends ChosenMove {
  jobId: string;
  fromSiteId: string;
}

interface SiteInRound {
  site: SiteSnapshot;
  load: SiteLoad;
  /** When its pilots last got something. */
  lastLeaseAt: Instant | null;
}

interface Round {
  now: Instant;
  nowMilliseconds: number;
  sites: readonly SiteInRound[];
  typical: Typical;
  limits: LimitCounts;
  /** By what is asked for: what sites answer, and where there is no room for more of it. */
  kinds: Map<string, Kind>;
}

interface Kind {
  answers: ReadonlyMap<SiteInRound, SiteAnswer>;
  /** Those that refuse it, too. */
  full: Set<SiteInRound>;
}

/**
 * Chooses which waiting jobs go to other sites: where they would be done sooner by a clear margin,
 * as many as those sites can take now, the most urgent first. A job that was just placed stays, and
 * after each move it stays four times longer, so that nothing goes to and fro. Where nothing has
 * begun for long, estimates were wrong: the wait is expected to last as long again.
 */
export function planMoves(
  lines: readonly WaitingLine[],
  sites: readonly SiteSnapshot[],
  { now, limits }: { now: Instant; limits: readonly LimitUse[] },
): Move[] {
  const lastLeases = new Map(lines.map(({ siteId, lastLeaseAt }) => [siteId, lastLeaseAt]));
  const round: Round = {
    now,
    nowMilliseconds: Date.parse(now),
    sites: sites.map((site) => {
      return { site, load: loadOf(site), lastLeaseAt: lastLeases.get(site.id) ?? null };
    }),
    typical: typicalOf(sites),
    limits: countLimits(limits),
    kinds: new Map(),
  };
  const moves: Move[] = [];
  for (const { job, from } of inOrder(lines, round)) {
    if (moves.length === houseLimits.jobsPerMove) break;
    if (!isDue(job, now)) continue;
    const move = planMove(job, from, round);
    if (move !== null) moves.push(move);
  }
  return moves;
}

/** The most urgent first; of equal urgency the last of each line, then the last but one. */
function inOrder(lines: readonly WaitingLine[], round: Round) {
  const all = lines.flatMap(({ siteId, jobs }) => {
    const from = round.sites.find(({ site }) => site.id === siteId);
    return from === undefined ? [] : jobs.map((job, place) => ({ job, place, from }));
  });
  return all.toSorted((a, b) => compareUrgency(a.job.urgency, b.job.urgency) || a.place - b.place);
}

/** Whether it has been where it is for long enough. */
function isDue({ placedAt, moves }: WaitingJob, now: Instant): boolean {
  return addSeconds(placedAt, houseLimits.moveAfterSeconds * 4 ** Math.min(moves, 9)) <= now;
}

interface Way {
  to: SiteInRound;
  estimate: Estimate;
  seconds: number;
}

function planMove(job: WaitingJob, from: SiteInRound, round: Round): Move | null {
  const kind = kindOf(job, round);
  if (round.sites.every((to) => to === from || kind.full.has(to))) return null;
  const runSeconds = estimateRun({ job, site: from.site, typical: round.typical });
  removeFromLoad(from.load, job, runSeconds);
  round.limits.remove(job, from.site);
  const secondsHere = estimateHere(job, from, round);
  const ways = round.sites.flatMap((to) => (to === from ? [] : lookThere(job, to, round)));
  const { moveLeastGainSeconds, moveLeastShare } = houseLimits;
  const gain = Math.max(moveLeastGainSeconds, secondsHere * moveLeastShare);
  const [best] = ways
    .filter(({ seconds }) => secondsHere - seconds >= gain)
    .toSorted((a, b) => a.seconds - b.seconds);
  const { to, estimate } = best ?? { to: from, estimate: { runSeconds } };
  addToLoad(to.load, job, estimate.runSeconds);
  round.limits.add(job, to.site);
  if (best === undefined) return null;
  const { moved } = placementWords.chosen;
  const reason = `${moved} ${from.site.name}: ${describeWay(best, secondsHere)}`;
  return { jobId: job.id, fromSiteId: from.site.id, toSiteId: best.to.site.id, reason };
}

function kindOf(job: JobToPlace, { kinds, sites }: Round): Kind {
  const key = refusalKey(job);
  const known = kinds.get(key);
  if (known !== undefined) return known;
  const answers = new Map(sites.map((at) => [at, refuseSite(job, at.site)]));
  const refusing = sites.filter((at) => answers.get(at)?.refusal !== null);
  const kind = { answers, full: new Set(refusing) };
  kinds.set(key, kind);
  return kind;
}

/** Seconds until it would be done where it is; its inputs are there, or on their way. */
function estimateHere(job: WaitingJob, from: SiteInRound, round: Round): number {
  const { site, load, lastLeaseAt } = from;
  const answer = kindOf(job, round).answers.get(from);
  const pools = answer?.refusal === null ? answer.pools : site.pools;
  if (pools.length === 0) return Infinity;
  const candidate = { job: { ...job, inputBytes: {} }, site, pools, load, typical: round.typical };
  const estimate = estimateFinish(candidate, round.nowMilliseconds);
  if (refuseForMaintenance(site, job, { estimate, ...round }) !== null) return Infinity;
  const since = lastLeaseAt !== null && lastLeaseAt > job.placedAt ? lastLeaseAt : job.placedAt;
  const waitSeconds = job.isStaging
    ? waitAt(from, candidate, { estimate, now: round.now })
    : Math.max(estimate.waitSeconds, secondsBetween(since, round.now));
  return waitSeconds + estimate.runSeconds + estimate.returnSeconds;
}

/** How it would be done at another site; nothing where it may not go, or where there is no room. */
function lookThere(job: WaitingJob, to: SiteInRound, round: Round): Way[] {
  const { answers, full } = kindOf(job, round);
  const answer = answers.get(to);
  if (full.has(to) || answer === undefined || answer.refusal !== null) return [];
  const { site, load } = to;
  const candidate = { job, site, pools: answer.pools, load, typical: round.typical };
  if (!hasRoom(candidate)) {
    // What moves only adds to the work there.
    full.add(to);
    return [];
  }
  const seen = estimateFinish(candidate, round.nowMilliseconds);
  const waitSeconds = waitAt(to, candidate, { estimate: seen, now: round.now });
  const estimate = { ...seen, waitSeconds };
  if (refuseForMaintenance(site, job, { estimate, ...round }) !== null) return [];
  if (round.limits.refuse(job, site) !== null) return [];
  const { transferSeconds, runSeconds, returnSeconds } = estimate;
  const seconds = Math.max(transferSeconds, waitSeconds) + runSeconds + returnSeconds;
  return [{ to, estimate, seconds }];
}

/** Cores of running pilots, or of those that it would start, and work for them for a short time. */
function hasRoom({ job, site, pools, load, typical }: Candidate): boolean {
  const needed = coresOf(job);
  const running = sum(pools, ({ coresTotal }) => coresTotal);
  const cores = running >= needed ? running : sum(pools, mostCores);
  const { moveAheadSeconds, prefetchMostJobsPerCore } = houseLimits;
  const runSeconds = Math.max(0.001, estimateRun({ job, site, typical }));
  const ahead = Math.min(prefetchMostJobsPerCore, Math.floor(moveAheadSeconds / runSeconds));
  const before = urgencies.slice(0, urgencies.indexOf(job.urgency) + 1);
  return sum(before, (urgency) => load.cores[urgency]) + needed <= cores * (1 + ahead);
}

/** Where no core is free now, none has been since its pilots last got something. */
function waitAt(
  { lastLeaseAt }: SiteInRound,
  { job, pools }: Candidate,
  { estimate: { waitSeconds }, now }: { estimate: Estimate; now: Instant },
): number {
  const free = sum(pools, ({ coresTotal, coresBusy }) => coresTotal - coresBusy);
  if (lastLeaseAt === null || free >= coresOf(job)) return waitSeconds;
  return Math.max(waitSeconds, secondsBetween(lastLeaseAt, now));
}

function describeWay({ to, estimate, seconds }: Way, secondsHere: number): string {
  const { name } = to.site;
  const { transferSeconds, waitSeconds } = estimate;
  if (waitSeconds === 0 && transferSeconds < 0.05) return `${name} can begin it now`;
  if (waitSeconds === 0) {
    return `${name} can begin it when its inputs are there (in ${transferSeconds.toFixed(1)} s)`;
  }
  if (secondsHere === Infinity) return `${name} can take it`;
  return `${name} is expected to finish it ${(secondsHere - seconds).toFixed(0)} s sooner`;
}
