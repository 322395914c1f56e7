import type { Estimate } from '../placement/snapshot.ts';
import { limits } from '../limits.ts';
import type { Transfer } from '../transfer/transfer.ts';
import type { Job } from './job.ts';

/** One site as the placer saw it for a job. */
export interface ConsideredSite {
  siteName: string;
  refusal: string | null;
  estimate: Estimate | null;
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
): JobExplanation {
  const site = job.siteName ?? 'its site';
  switch (job.state) {
    case 'waiting':
      return says('Waits for the jobs that it depends on.', 'Their end.');
    case 'queued':
      return explainQueued(job, sites);
    case 'placed':
    case 'stagingIn':
      return (
        explainTrouble(transfers) ??
        says(`Its inputs are on their way to ${site}.`, 'The end of the transfers.', job)
      );
    case 'ready':
      return job.pilotId === null
        ? says(
            `Waits at ${site} for a pilot with ${job.resources.cores} free cores.`,
            pilotHint,
            job,
          )
        : says(`A pilot at ${site} holds it and starts it next.`, null, job);
    case 'active':
      return says(`Attempt ${job.attempt} runs at ${site}.`, null, job);
    case 'stagingOut':
      return says(`Its outputs are on their way from ${site}.`, 'The end of the transfers.');
    case 'completed':
      return says(`Completed at ${site} in attempt ${job.attempt}.`, null, job);
    case 'failed':
      return says(`Failed: ${job.reason ?? 'no reason was given'}.`, 'Submit it again, mended.');
    case 'canceled':
      return says(`Canceled: ${job.reason ?? 'no reason was given'}.`, null);
  }
}

const pilotHint =
  'A running job that ends, a larger pool (`interpulse site pool`), or more urgency.';

function says(summary: string, unblock: string | null, job?: Job): JobExplanation {
  const reason = job?.reason ?? '';
  const isPlacing = reason.startsWith('earliest finish');
  const why =
    reason === '' ? '' : ` ${isPlacing ? 'Placed there for the' : 'Before that:'} ${reason}.`;
  return { summary: summary + why, unblock };
}

/** A transfer that failed and is tried again, with the place of the trouble. */
function explainTrouble(transfers: readonly Transfer[]): JobExplanation | null {
  const stuck = transfers.find(({ reason, endedAt }) => reason !== null && endedAt === null);
  if (stuck === undefined) return null;
  const { source, destination, attempt, reason } = stuck;
  return says(
    `Its inputs cannot get from ${source} to ${destination} yet: ${reason}.`,
    `Attempt ${attempt} of ${limits.attemptsPerTransfer} failed so; it is tried again by itself.`,
  );
}

function explainQueued(job: Job, sites: readonly ConsideredSite[]): JobExplanation {
  if (sites.length === 0 && job.reason === null) return says('Will be placed in a moment.', null);
  const refusals = sites.flatMap((site) =>
    site.refusal === null ? [] : [`${site.siteName}: ${site.refusal}`],
  );
  const unblock =
    refusals.length === 0
      ? 'A site that enrols, or one that comes back.'
      : `Any one of these to change: ${refusals.join('; ')}.`;
  return says(`Waits to be placed: ${job.reason ?? 'not looked at yet'}.`, unblock);
}
