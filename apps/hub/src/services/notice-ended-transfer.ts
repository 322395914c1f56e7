import { failJob } from '@interpulse/store/jobs/take-back-jobs.ts';
import { markStaged } from '@interpulse/store/jobs/place-jobs.ts';
import { lockReturningJob, markReturned } from '@interpulse/store/jobs/return-outputs.ts';
import type { ChangedTransfer } from '@interpulse/store/transfers/transfers.ts';
import { leaseAtSite } from '../agents/lease-jobs.ts';
import { noticeStepEnds } from '../flow-runs/apply-flow-event.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { noticeEndedJobs } from './notice-ended-jobs.ts';
import { returnedOutputs } from './return-outputs.ts';

/**
 * Takes on what waited for a transfer that ended, in the same transaction: a job whose inputs are
 * all there is leased, one whose outputs are all back completes, one whose files cannot come fails,
 * a flow run goes to its next state.
 */
export async function noticeEndedTransfer(
  hub: Hub,
  tx: HubTransaction,
  changed: ChangedTransfer,
): Promise<void> {
  const { id, jobId, flowRunId, flowStep } = changed;
  if (jobId !== null) return noticeFilesOfJob(hub, tx, jobId, changed);
  if (flowRunId === null || flowStep === null) return;
  await noticeStepEnds(hub, tx, flowRunId, [{ step: flowStep, transferId: id }]);
}

async function noticeFilesOfJob(
  hub: Hub,
  tx: HubTransaction,
  jobId: string,
  { state, reason }: ChangedTransfer,
): Promise<void> {
  const at = hub.now();
  const returning = await lockReturningJob(tx, jobId);
  if (state !== 'succeeded') {
    const what = returning
      ? 'its outputs could not be brought back'
      : 'its inputs could not be moved';
    const failed = await failJob(tx, jobId, at, `${what}: ${reason ?? state}`);
    if (!failed) return;
    tx.notify([topics.cancels(failed.siteId ?? '')]);
    return noticeEndedJobs(hub, tx, [failed]);
  }
  if (returning !== undefined) {
    if (returning.open > 0) return;
    const done = await markReturned(tx, jobId, returnedOutputs(returning), at);
    return done && noticeEndedJobs(hub, tx, [done]);
  }
  const ready = await markStaged(tx, jobId, at);
  if (ready) await leaseAtSite(hub, tx, ready.siteId);
}
