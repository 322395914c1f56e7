import { limits } from '../limits.ts';
import { placementWords } from '../placement/placement-words.ts';
import type { Estimate } from '../placement/snapshot.ts';
import type { Pilot } from '../pilot/pilot.ts';
import type { Pool } from '../site/site.ts';
import type { Transfer } from '../transfer/transfer.ts';
import { explainReady } from './explain-ready.ts';
import { explainWaiting, type ParentSeen } from './explain-waiting.ts';
import type { Job } from './job.ts';

/** One site as the placer saw it for a job. */
export interface ConsideredSite {
  siteName: string;
  refusal: string | null;
  estimate: Estimate | null;
}

/** What else is known around a job. */
export interface SeenAround {
  /** The jobs that it depends on. */
  parents: readonly ParentSeen[];
  /** The pools of its site; empty while it has none. */
  pools: readonly Pool[];
  /** The last pilots of its site, newest first. */
  pilots: readonly Pilot[];
  /** Why its site takes no work now; null while it does. */
  siteTrouble: string | null;
}

/** Why a job is where it is, and what would unblock it. */
export interface JobExplanation {
  summary: string;
  unblock: string | null;
}

/**
 * Says why a job waits, runs where it runs, or ended as it did; `transfers` are those of its files
 * that have not ended.
 */
export function explainJob(
  job: Job,
  sites: readonly ConsideredSite[],
  transfers: readonly Transfer[] = [],
  around: SeenAround = { parents: [], pools: [], pilots: [], siteTrouble: null },
): JobExplanation {
  const site = job.siteName ?? 'its site';
  switch (job.state) {
    case 'waiting':
      return explainWaiting(job, around.parents);
    case 'queued':
      return explainQueued(job, sites);
    case 'placed':
    case 'stagingIn':
      return (
        explainTrouble('inputs', transfers) ??
        says(`Its inputs are on their way to ${site}.`, 'The end of the transfers.', job)
      );
    case 'ready': {
      const { summary, unblock } = explainReady(job, around);
      return says(summary, unblock, job);
    }
    case 'active':
      return says(`Attempt ${job.attempt} runs at ${site}.`, null, job);
    case 'stagingOut': {
      const where = job.returnTo === null ? '' : ` to ${job.returnTo}`;
      return (
        explainTrouble('outputs', transfers) ??
        says(`Its outputs are on their way from ${site}${where}.`, 'The end of the transfers.')
      );
    }
    case 'completed':
      return says(`Completed at ${site} in attempt ${job.attempt}.`, null, job);
    case 'failed':
      return says(
        `Failed: ${job.reason ?? 'no reason was given'}.`,
        'Retry it as it is (`interpulse job retry`), or submit it again, mended.',
      );
    case 'canceled':
      return says(
        `Canceled: ${job.reason ?? 'no reason was given'}.`,
        'It may be retried (`interpulse job retry`).',
      );
  }
}

/** How reasons begin that say why a site was chosen; all others say what happened. */
const chosen = Object.values(placementWords.chosen);

function says(summary: string, unblock: string | null, job?: Job): JobExplanation {
  const reason = job?.reason ?? '';
  const isPlacing = chosen.some((words) => reason.startsWith(words));
  const why = isPlacing ? `Placed there: ${reason}.` : `Before that: ${reason}.`;
  return { summary: reason === '' ? summary : `${summary} ${why}`, unblock };
}

/** A transfer that failed and is tried again, with the place of the trouble. */
function explainTrouble(what: string, transfers: readonly Transfer[]): JobExplanation | null {
  const stuck = transfers.find(({ reason, endedAt }) => reason !== null && endedAt === null);
  if (stuck === undefined) return null;
  const { source, destination, attempt, reason } = stuck;
  return says(
    `Its ${what} cannot get from ${source} to ${destination} yet: ${reason}.`,
    `Attempt ${attempt} of ${limits.attemptsPerTransfer} failed so; it is tried again by itself.`,
  );
}

/** Of what `refuseSite` says: no site becomes another one, whatever its staff do. */
const forGood = new Set<string>(Object.values(placementWords.forGood));

/** Sites that are asked for by a name that none has: often a slip of the pen. */
function absentSites({ site }: Job, sites: readonly ConsideredSite[]): string {
  const names =
    site === 'any' || (typeof site === 'object' && 'label' in site) ? [] : [site].flat();
  const absent = names.filter((name) => sites.every(({ siteName }) => siteName !== name));
  return sites.length === 0 ? '' : absent.map((name) => `"${name}"`).join(', ');
}

function explainQueued(job: Job, sites: readonly ConsideredSite[]): JobExplanation {
  if (job.notBeforeAt !== null) {
    const why = job.reason === null ? '' : `: ${job.reason}`;
    const summary = `Waits until ${job.notBeforeAt} for attempt ${job.attempt + 1}${why}.`;
    return says(summary, 'That instant; or cancel it.');
  }
  if (sites.length === 0 && job.reason === null) return says('Will be placed in a moment.', null);
  const refusals = sites.flatMap(({ siteName, refusal }) =>
    refusal === null || forGood.has(refusal) ? [] : [`${siteName}: ${refusal}`],
  );
  const absent = absentSites(job, sites);
  const why = `Waits to be placed: ${job.reason ?? 'not looked at yet'}.`;
  const summary = absent === '' ? why : `${why} There is no site ${absent}.`;
  if (refusals.length === 0) {
    const isElsewhere = sites.length > 0 && sites.every(({ refusal }) => refusal !== null);
    const other = isElsewhere ? 'Submit it again for other sites; or a' : 'A';
    return says(summary, `${other} site that enrols, or one that comes back.`);
  }
  // Said by placing where a site lacks what is asked for: waiting alone will not help there.
  const less = summary.includes(placementWords.nearest)
    ? 'Submit it again asking for less; or any'
    : 'Any';
  return says(summary, `${less} one of these to change: ${refusals.join('; ')}.`);
}
