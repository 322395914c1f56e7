import { noticeStepEnds } from '../flow-runs/apply-flow-event.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { hasEnded, settleEndedJobs, type ChangedState } from './settle-ended-jobs.ts';

/** A job that changed, with the step of a flow run that waits for it. */
export interface ChangedJob extends ChangedState {
  flowRunId: string | null;
  flowStep: number | null;
}

/**
 * Takes on what waited for jobs that have just changed, in the same transaction: their children
 * (see `settleEndedJobs`), and the flow runs whose steps they are.
 */
export async function noticeEndedJobs(
  hub: Hub,
  tx: HubTransaction,
  jobs: readonly ChangedJob[],
): Promise<void> {
  await settleEndedJobs(hub, tx, jobs);
  const steps = jobs
    .filter(hasEnded)
    .flatMap(({ jobId, flowRunId, flowStep: step }) =>
      flowRunId === null || step === null ? [] : [{ flowRunId, step, jobId }],
    );
  // In one order everywhere, so that two transactions never wait for each other's flow runs.
  const byRun = [...Map.groupBy(steps, ({ flowRunId }) => flowRunId)];
  for (const [flowRunId, ended] of byRun.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    await noticeStepEnds(hub, tx, flowRunId, ended);
  }
}
