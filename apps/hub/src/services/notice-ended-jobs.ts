import { endJobTokens } from '@interpulse/store/access/job-tokens.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { settleChildren, type SettledJob } from '@interpulse/store/jobs/parents.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { noticeStepEnd } from '../flow-runs/apply-flow-event.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { placeJobsNow } from './place-jobs-now.ts';

/** A job that changed, with the step of a flow run that waits for it. */
export interface ChangedJob {
  jobId: string;
  state: string;
  flowRunId: string | null;
  flowStep: number | null;
  /** Whether its attempts have tokens. */
  mayUseHub: boolean;
}

const ends = new Set(['completed', 'failed', 'canceled']);

/**
 * Takes on what waited for jobs that have just changed, in the same transaction: tokens of attempts
 * that ended are worth nothing any more, children of jobs that ended are queued or fail, flow runs
 * go on.
 */
export async function noticeEndedJobs(
  hub: Hub,
  tx: HubTransaction,
  jobs: readonly ChangedJob[],
): Promise<void> {
  const over = jobs.filter((job) => job.mayUseHub && job.state !== 'active');
  if (over.length > 0) {
    await endJobTokens(
      tx,
      over.map(({ jobId }) => jobId),
    );
  }
  const ended = jobs.filter((job) => ends.has(job.state));
  if (ended.length === 0) return;
  await goOn(
    hub,
    tx,
    await settleChildren(
      tx,
      ended.map(({ jobId }) => jobId),
      hub.now(),
    ),
  );
  // In one order everywhere, so that two transactions never wait for each other's flow runs.
  for (const { jobId, flowRunId, flowStep } of ended.toSorted(byFlowRun)) {
    if (flowRunId === null || flowStep === null) continue;
    await noticeStepEnd(hub, tx, { flowRunId, step: flowStep, jobId });
  }
}

/** Takes on jobs of whose parents it was decided: those that may run, and children of the others. */
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
  const failed = settled.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return;
  await noticeEndedJobs(
    hub,
    tx,
    failed.map((job) => ({ ...job, mayUseHub: false })),
  );
}

function byFlowRun(a: ChangedJob, b: ChangedJob): number {
  return (a.flowRunId ?? '') < (b.flowRunId ?? '') ? -1 : 1;
}
