import { poolShortage, type Shortage } from '../pilot/pool-shortage.ts';
import type { JobToPlace, PoolSeen, SiteSnapshot } from './snapshot.ts';
import { placementWords } from './placement-words.ts';

/** Why a site does not take a job. */
export interface Refusal {
  /** A sentence's predicate for people, with the numbers: `has 8 cores a node, 9 asked for`. */
  text: string;
  /** What its largest pool lacks; null when the job is refused for something else. */
  shortage: Shortage | null;
}

/** What looking at a site came to: why not, or the pools that could run the job. */
export type SiteAnswer = { refusal: Refusal } | { refusal: null; pools: readonly PoolSeen[] };

/**
 * Says why a site cannot take a job, whatever else is placed there, or which of its pools could run
 * it. What never changes comes before what passes, so that nobody waits for a site that is down and
 * too small.
 */
export function refuseSite(job: JobToPlace, site: SiteSnapshot): SiteAnswer {
  const text = refuseRole(job, site) ?? refuseCode(job, site);
  if (text !== null) return no(text);
  const answer = findPools(job, site);
  if (answer.refusal?.shortage != null) return answer;
  const passing = refuseNow(site);
  return passing === null ? answer : no(passing);
}

/** The same for all jobs to which `refuseSite` answers the same, at every site. */
export function refusalKey(job: JobToPlace): string {
  const { app, code, appSites, site, resources, urgency, allocation, restartable } = job;
  const asked = [app, code, appSites, site, resources, urgency, allocation, restartable];
  return JSON.stringify(asked);
}

/** What the pools of a site lack for a job, whether or not it would run its program; else null. */
export function refuseSize(job: JobToPlace, site: SiteSnapshot): Refusal | null {
  const { refusal } = findPools(job, site);
  return refusal?.shortage == null ? null : refusal;
}

function no(text: string, shortage: Shortage | null = null): { refusal: Refusal } {
  return { refusal: { text, shortage } };
}

function refuseRole(job: JobToPlace, site: SiteSnapshot): string | null {
  if (!site.hasCompute) return placementWords.forGood.noCompute;
  return refuseWish(job.site, site);
}

function refuseWish(wish: JobToPlace['site'], { name, labels }: SiteSnapshot): string | null {
  if (wish === 'any') return null;
  if (typeof wish === 'object' && !Array.isArray(wish)) {
    return labels.includes(wish.label) ? null : `does not have the label ${wish.label}`;
  }
  return [wish].flat().includes(name) ? null : placementWords.forGood.notAsked;
}

/** Whether the site has the program, and lets it run. */
function refuseCode(job: JobToPlace, site: SiteSnapshot): string | null {
  const { nodes, ranksPerNode } = job.resources;
  if (site.launcher === null && (nodes > 1 || ranksPerNode > 1)) {
    return `has no launcher, ${nodes} nodes with ${ranksPerNode} ranks each asked for`;
  }
  if (job.app === null) return site.allowsCommands ? null : 'does not run plain commands';
  const given = job.code ?? {};
  const code = Object.hasOwn(given, site.name) ? given[site.name] : given['*'];
  const isElsewhere = job.appSites !== null && !job.appSites.includes(site.name);
  if (isElsewhere || code === undefined) return `does not have the app ${job.app}`;
  if (site.apps.allow === 'all' || site.apps.digests.includes(code.digest)) return null;
  if (site.apps.allow === 'listed') {
    return `runs listed apps only, and not ${job.app} as it is (${code.digest})`;
  }
  return code.shellText
    ? `runs text for a shell of listed apps only, and not of ${job.app} (${code.digest})`
    : null;
}

function findPools(job: JobToPlace, site: SiteSnapshot): SiteAnswer {
  if (site.pools.length === 0) return no('has no pool of pilots');
  const willing = site.pools.filter(({ urgencies }) => urgencies.includes(job.urgency));
  if (willing.length === 0) return no(`has no pool for ${job.urgency} work`);
  const { allocation } = job;
  const charged = willing.filter(({ account }) => allocation === null || account === allocation);
  if (charged.length === 0) {
    return no(`has no pool for ${job.urgency} work that charges ${allocation}`);
  }
  const shortages = charged.map((pool) => ({ pool, shortage: poolShortage(pool, job) }));
  const fitting = shortages.flatMap(({ pool, shortage }) => (shortage === null ? [pool] : []));
  if (fitting.length === 0) {
    const [nearest] = shortages.toSorted(
      (a, b) => (a.shortage?.size ?? 0) - (b.shortage?.size ?? 0),
    );
    const where = site.pools.length > 1 ? `in its pool ${nearest?.pool.name} ` : '';
    const text = `${where}${nearest?.shortage?.text ?? 'has too little'}`;
    return no(text, nearest?.shortage ?? null);
  }
  const pools = fitting.filter(({ paused, maxPilots }) => !paused && maxPilots > 0);
  if (pools.length > 0) return { refusal: null, pools };
  const why = fitting.map(
    ({ name, paused }) => `${name} ${paused ? 'is paused' : 'may have none'}`,
  );
  return no(`starts no pilots for it: pool ${why.join(', pool ')}`);
}

/** What passes: a site that is down comes back. */
function refuseNow({ status, statusReason, brokenReason }: SiteSnapshot): string | null {
  if (status !== 'up') return `${status}: ${statusReason ?? 'no reason given'}`;
  return brokenReason === null ? null : `resting: ${brokenReason}`;
}
