import { chooseSite, type OpenSite, type RobinTurn } from './choose-site.ts';
import { describePlacement, type SiteLooked } from './describe-placement.ts';
import type { Typical } from './candidate.ts';
import { estimateFinish, typicalOf } from './estimate-finish.ts';
import { countLimits, type LimitCounts } from './limit-counts.ts';
import { refuseForMaintenance } from './refuse-for-maintenance.ts';
import { refusalKey, refuseSite, type Refusal, type SiteAnswer } from './refuse-site.ts';
import { addToLoad, loadOf, type SiteLoad } from './site-load.ts';
import type {
  Estimate,
  JobToPlace,
  PlacedSince,
  Placement,
  PlacementRound,
  SiteSnapshot,
} from './snapshot.ts';

interface SiteInRound {
  site: SiteSnapshot;
  load: SiteLoad;
  place: number;
}

interface Round {
  nowMilliseconds: number;
  sites: readonly SiteInRound[];
  typical: Typical;
  limits: LimitCounts;
  turn: RobinTurn;
  moves: NonNullable<PlacementRound['moves']>;
  /** What sites answer to jobs that ask for the same: the same all round long. */
  answers: Map<string, readonly SiteAnswer[]>;
}

/**
 * Places jobs in the order given, each by its own strategy, at a site that can take it; each counts
 * as its site's work for those behind it, so that a burst spreads out. What waits says why.
 */
export function placeJobs(
  jobs: readonly JobToPlace[],
  sites: readonly SiteSnapshot[],
  { now, limits, turn, moves = new Map(), placedSince = [], countedSince }: PlacementRound,
): Placement[] {
  const names = sites.map(({ name }) => name).toSorted();
  const round: Round = {
    nowMilliseconds: Date.parse(now),
    sites: sites.map((site) => ({ site, load: loadOf(site), place: names.indexOf(site.name) })),
    typical: typicalOf(sites),
    limits: countLimits(limits),
    turn: { place: turn, places: Math.max(1, sites.length) },
    moves,
    answers: new Map(),
  };
  const siteOf = ({ siteId }: PlacedSince) => round.sites.find(({ site }) => site.id === siteId);
  for (const placed of placedSince) {
    const at = siteOf(placed);
    if (at !== undefined) addToLoad(at.load, placed.job, placed.runSeconds);
  }
  for (const placed of countedSince ?? placedSince) {
    const at = siteOf(placed);
    if (at !== undefined) round.limits.add(placed.job, at.site);
  }
  return jobs.map((job) => placeJob(job, round));
}

interface Open extends OpenSite {
  at: SiteInRound;
}

function placeJob(job: JobToPlace, round: Round): Placement {
  const answers = answersFor(job, round);
  const open: Open[] = [];
  let waitsForLimit = false;
  const looked = round.sites.map((at, index): SiteLooked => {
    const { estimate, refusal, isLimit } = look(job, at, { answer: answers[index], round });
    waitsForLimit ||= isLimit;
    if (estimate !== null && refusal === null) {
      open.push({ name: at.site.name, place: at.place, jobs: at.load.jobs, estimate, at });
    }
    return { siteName: at.site.name, estimate: refusal === null ? estimate : null, refusal };
  });
  const { strategy, deadlineAt } = job;
  const secondsLeft =
    deadlineAt === null ? Infinity : (Date.parse(deadlineAt) - round.nowMilliseconds) / 1000;
  const move = round.moves.get(job.id);
  const there = open.filter(({ at }) => at.site.id === move?.toSiteId);
  const chosen = chooseSite(there.length > 0 ? there : open, {
    strategy,
    secondsLeft,
    turn: round.turn,
  });
  if (chosen !== null) {
    const { at, estimate } = chosen;
    addToLoad(at.load, job, estimate.runSeconds);
    round.limits.add(job, at.site);
    if (job.strategy === 'roundRobin') round.turn.place = at.place + 1;
  }
  const siteId = chosen?.at.site.id ?? null;
  return {
    jobId: job.id,
    siteId,
    estimate: chosen?.estimate ?? null,
    reason:
      move !== undefined && there.length > 0
        ? move.reason
        : describePlacement(job.strategy, looked, chosen),
    waitsForLimit: chosen === null && waitsForLimit,
    considered: looked.map((each) => ({ ...each, refusal: each.refusal?.text ?? null })),
  };
}

function look(
  job: JobToPlace,
  { site, load }: SiteInRound,
  { answer, round }: { answer: SiteAnswer | undefined; round: Round },
): { estimate: Estimate | null; refusal: Refusal | null; isLimit: boolean } {
  if (answer === undefined || answer.refusal !== null) {
    return { estimate: null, refusal: answer?.refusal ?? null, isLimit: false };
  }
  const { nowMilliseconds, typical, limits } = round;
  const candidate = { job, site, pools: answer.pools, load, typical };
  const estimate = estimateFinish(candidate, nowMilliseconds);
  const maintenance = refuseForMaintenance(site, job, { estimate, nowMilliseconds });
  const text = maintenance ?? limits.refuse(job, site);
  const refusal = text === null ? null : { text, shortage: null };
  return { estimate, refusal, isLimit: maintenance === null && refusal !== null };
}

/** A burst asks the same again and again; most of the time of a round goes here otherwise. */
function answersFor(job: JobToPlace, round: Round): readonly SiteAnswer[] {
  const key = refusalKey(job);
  const known = round.answers.get(key);
  if (known !== undefined) return known;
  const answers = round.sites.map((at) => refuseSite(job, at.site));
  round.answers.set(key, answers);
  return answers;
}
