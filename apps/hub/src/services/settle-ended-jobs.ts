import { isJobEnd, type JobState } from '@interpulse/domain/job/job-state.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { endJobTokens } from '@interpulse/store/access/job-tokens.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { lockChildrenOf, settleWaiting, type SettledJob } from '@interpulse/store/jobs/parents.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { anyWaitsForLimit } from './choose-sites.ts';
import { placeJobsNow } from './place-jobs-now.ts';

/** A job that changed. */
export interface ChangedState {
  jobId: string;
  state: JobState;
  /** Whether its attempts have tokens. */
  mayUseHub: boolean;
}

/**
 * Takes on what waited for jobs that have just changed, in the same transaction: tokens of attempts
 * that ended are worth nothing any more, children of jobs that ended are queued or fail.
 */
export async function settleEndedJobs(
  hub: Hub,
  tx: HubTransaction,
  jobs: readonly ChangedState[],
): Promise<void> {
  const over = jobs.filter((job) => job.mayUseHub && job.state !== 'active');
  if (over.length > 0) {
    await endJobTokens(
      tx,
      over.map(({ jobId }) => jobId),
    );
  }
  const ended = jobs.filter(({ state }) => isJobEnd(state)).map(({ jobId }) => jobId);
  if (ended.length === 0) return;
  if (anyWaitsForLimit(hub)) tx.notify([topics.queuedJobs]);
  const children = (await tx.ahead.take('children')) ?? (await lockChildrenOf(tx, ended));
  await goOn(hub, tx, await settleWaiting(tx, children, hub.now()));
}

/** Takes on jobs of whose parents it was decided: they run, or their own children fail too. */
export async function goOn(
  hub: Hub,
  tx: HubTransaction,
  settled: readonly SettledJob[],
): Promise<void> {
  if (settled.length === 0) return;
  tx.notify([eventsTopic]);
  const queued = settled.filter(({ state }) => state === 'queued').map(({ jobId }) => jobId);
  const isFew = queued.length <= limits.jobsPlacedAtOnce;
  const placed = queued.length > 0 && isFew ? (await placeJobsNow(hub, tx, queued)).placed : 0;
  if (placed < queued.length) tx.notify([topics.queuedJobs]);
  // Steps of flow runs have no parents: nobody else waits for those that fail so.
  const failed = settled.filter(({ state }) => state === 'failed');
  await settleEndedJobs(
    hub,
    tx,
    failed.map((job) => ({ ...job, mayUseHub: false })),
  );
}
