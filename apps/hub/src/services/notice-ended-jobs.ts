import { noticeStepEnd } from '../flow-runs/apply-flow-event.ts';
import type { Hub, HubTransaction } from '../hub.ts';

/** A job that changed, with the step of a flow run that waits for it. */
export interface ChangedJob {
  jobId: string;
  state: string;
  flowRunId: string | null;
  flowStep: number | null;
}

const ends = new Set(['completed', 'failed', 'canceled']);

/** Takes flow runs on whose jobs have just ended, in the same transaction. */
export async function noticeEndedJobs(
  hub: Hub,
  tx: HubTransaction,
  jobs: readonly ChangedJob[],
): Promise<void> {
  // In one order everywhere, so that two transactions never wait for each other's flow runs.
  const ended = jobs.filter((job) => ends.has(job.state) && job.flowRunId !== null);
  for (const { jobId, flowRunId, flowStep } of ended.toSorted(byFlowRun)) {
    if (flowRunId === null || flowStep === null) continue;
    await noticeStepEnd(hub, tx, { flowRunId, step: flowStep, jobId });
  }
}

function byFlowRun(a: ChangedJob, b: ChangedJob): number {
  return (a.flowRunId ?? '') < (b.flowRunId ?? '') ? -1 : 1;
}
