import { isJobEnd } from '@interpulse/domain/job/job-state.ts';
import { noticeStepEnds } from '../flow-runs/apply-flow-event.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { settleEndedJobs, type ChangedState } from './settle-ended-jobs.ts';

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
  const steps = jobs.flatMap(({ jobId, state, flowRunId, flowStep: step }) =>
    !isJobEnd(state) || flowRunId === null || step === null ? [] : [{ flowRunId, step, jobId }],
  );
  await noticeStepEnds(hub, tx, steps);
}
