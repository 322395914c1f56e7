import type { Job } from '../job/job.ts';
import { addSeconds, secondsBetween, type Instant } from '../time.ts';

/** What placing sees of one job. */
export interface JobToPlace {
  id: string;
  app: string | null;
  command: boolean;
  site: Job['site'];
  cores: number;
  nodes: number;
  deadlineAt: Instant | null;
  /** Bytes of its inputs, by the name of the collection in which they lie. */
  inputBytes: Record<string, number>;
}

/** What placing sees of one site; everything in it was observed. */
export interface SiteSnapshot {
  id: string;
  name: string;
  status: 'up' | 'silent' | 'closed';
  statusReason: string | null;
  hasCompute: boolean;
  allowsCommands: boolean;
  coresPerNode: number;
  maxNodes: number;
  /** Collections at the site: inputs there need no transfer. */
  collections: string[];
  /** Cores of running pilots. */
  coresTotal: number;
  /** Seconds until a pilot runs when none does. */
  pilotStartSeconds: number;
  /** Core-seconds of work that is placed here and has not ended. */
  backlogCoreSeconds: number;
  /** Median run time by app name, in seconds, as seen at this site. */
  runSeconds: Record<string, number>;
  /** Bytes per second from a collection to this site, as seen. */
  bytesPerSecond: Record<string, number>;
  /** Why work here has lately failed for the site's own reasons; null when it has not. */
  brokenReason: string | null;
}

/** Seconds that each part of an answer is expected to take at a site. */
export interface Estimate {
  transferSeconds: number;
  waitSeconds: number;
  runSeconds: number;
  finishAt: Instant;
  inTime: boolean;
}

/** Where a job goes, or why it goes nowhere; for every other site, why not. */
export interface Placement {
  jobId: string;
  siteId: string | null;
  estimate: Estimate | null;
  /** A sentence for people. */
  reason: string;
  considered: { siteName: string; estimate: Estimate | null; refusal: string | null }[];
}

/** Until something was observed: seconds of a run, bytes per second of a link. */
export const assumptions = { runSeconds: 10, bytesPerSecond: 50e6 } as const;

/**
 * Places jobs by earliest finish: transfer + wait + run, from what was observed. Jobs are taken in
 * the order given; each placement adds to its site's backlog, so that a burst spreads out.
 */
export function placeJobs(jobs: JobToPlace[], sites: SiteSnapshot[], now: Instant): Placement[] {
  const added = new Map<string, number>();
  const typical = typicalRunSeconds(sites);
  return jobs.map((job) => {
    const considered = sites.map((site) => {
      const refusal = refuse(job, site);
      const extra = added.get(site.id) ?? 0;
      const estimate = refusal === null ? estimateFinish(job, site, extra, typical, now) : null;
      return { site, siteName: site.name, estimate, refusal };
    });
    const best = considered.reduce<(typeof considered)[number] | null>((chosen, candidate) => {
      if (candidate.estimate === null) return chosen;
      if (chosen?.estimate == null) return candidate;
      return candidate.estimate.finishAt < chosen.estimate.finishAt ? candidate : chosen;
    }, null);
    if (best?.estimate != null) {
      const work = best.estimate.runSeconds * job.cores * job.nodes;
      added.set(best.site.id, (added.get(best.site.id) ?? 0) + work);
    }
    return describe(job, considered, best);
  });
}

function describe(
  job: JobToPlace,
  considered: {
    site: SiteSnapshot;
    siteName: string;
    estimate: Estimate | null;
    refusal: string | null;
  }[],
  best: { site: SiteSnapshot; estimate: Estimate | null } | null,
): Placement {
  const others = considered.map(({ siteName, estimate, refusal }) => ({
    siteName,
    estimate,
    refusal,
  }));
  if (best?.estimate == null) {
    const why = others.map((other) => `${other.siteName}: ${other.refusal ?? 'no estimate'}`);
    const reason =
      why.length === 0 ? 'no site has enrolled yet' : `no site can take it (${why.join('; ')})`;
    return { jobId: job.id, siteId: null, estimate: null, reason, considered: others };
  }
  const { estimate } = best;
  const parts =
    `transfer ${estimate.transferSeconds.toFixed(1)} s, ` +
    `wait ${estimate.waitSeconds.toFixed(1)} s, ` +
    `run ${estimate.runSeconds.toFixed(1)} s`;
  const late = estimate.inTime ? '' : '; no site can answer before the deadline';
  const reason = `earliest finish at ${best.site.name} (${parts})${late}`;
  return { jobId: job.id, siteId: best.site.id, estimate, reason, considered: others };
}

function refuse(job: JobToPlace, site: SiteSnapshot): string | null {
  if (!site.hasCompute) return 'has no compute role';
  if (!wishAllows(job.site, site.name)) return 'not among the sites asked for';
  if (site.status !== 'up') return `${site.status}: ${site.statusReason ?? 'no reason given'}`;
  if (site.brokenReason !== null) return `resting: ${site.brokenReason}`;
  if (job.command && !site.allowsCommands) return 'does not run plain commands';
  if (job.cores > site.coresPerNode) {
    return `has ${site.coresPerNode} cores a node, ${job.cores} asked for`;
  }
  if (job.nodes > site.maxNodes) return `gives ${site.maxNodes} nodes, ${job.nodes} asked for`;
  return null;
}

function wishAllows(wish: JobToPlace['site'], name: string): boolean {
  if (wish === 'any') return true;
  return typeof wish === 'string' ? wish === name : wish.includes(name);
}

function estimateFinish(
  job: JobToPlace,
  site: SiteSnapshot,
  addedCoreSeconds: number,
  typical: ReadonlyMap<string, number>,
  now: Instant,
): Estimate {
  let transferSeconds = 0;
  for (const [collection, bytes] of Object.entries(job.inputBytes)) {
    if (site.collections.includes(collection)) continue;
    transferSeconds += bytes / (site.bytesPerSecond[collection] ?? assumptions.bytesPerSecond);
  }
  const cores = Math.max(site.coresTotal, site.coresPerNode, 1);
  const startSeconds = site.coresTotal > 0 ? 0 : site.pilotStartSeconds;
  const waitSeconds = startSeconds + (site.backlogCoreSeconds + addedCoreSeconds) / cores;
  const app = job.app ?? '';
  const runSeconds = site.runSeconds[app] ?? typical.get(app) ?? assumptions.runSeconds;
  // A job waits in the queue while its inputs travel: the longer of the two counts.
  const finishAt = addSeconds(now, Math.max(transferSeconds, waitSeconds) + runSeconds);
  const inTime = job.deadlineAt === null || secondsBetween(finishAt, job.deadlineAt) >= 0;
  return { transferSeconds, waitSeconds, runSeconds, finishAt, inTime };
}

/**
 * What an app takes where it was seen, for sites where it was not: a new site is neither shunned
 * nor favoured until it has shown what it can.
 */
function typicalRunSeconds(sites: readonly SiteSnapshot[]): Map<string, number> {
  const seen = new Map<string, number[]>();
  for (const { runSeconds } of sites) {
    for (const [app, seconds] of Object.entries(runSeconds)) {
      seen.set(app, [...(seen.get(app) ?? []), seconds]);
    }
  }
  return new Map(
    [...seen].map(([app, all]) => [app, all.reduce((sum, one) => sum + one, 0) / all.length]),
  );
}
