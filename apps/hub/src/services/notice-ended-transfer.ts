import { failJob } from '@interpulse/store/jobs/lose-jobs.ts';
import { markStaged } from '@interpulse/store/jobs/place-jobs.ts';
import type { ChangedTransfer } from '@interpulse/store/transfers/transfers.ts';
import { leaseAtSite } from '../agents/lease-jobs.ts';
import { noticeStepEnd } from '../flow-runs/apply-flow-event.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { noticeEndedJobs } from './notice-ended-jobs.ts';

/**
 * Takes on what waited for a transfer that ended, in the same transaction: a job whose inputs are
 * all there is leased, one whose inputs cannot come fails, a flow run goes to its next state.
 */
export async function noticeEndedTransfer(
  hub: Hub,
  tx: HubTransaction,
  changed: ChangedTransfer,
): Promise<void> {
  const { id, jobId, flowRunId, flowStep, state, reason } = changed;
  const at = hub.now();
  if (jobId !== null && state === 'succeeded') {
    const ready = await markStaged(tx, jobId, at);
    if (ready) await leaseAtSite(hub, tx, ready.siteId, ready.scratchCollection);
  } else if (jobId !== null) {
    const why = `its inputs could not be moved: ${reason ?? state}`;
    const failed = await failJob(tx, jobId, at, why);
    if (failed) tx.notify([topics.cancels(failed.siteId ?? '')]);
    if (failed) await noticeEndedJobs(hub, tx, [failed]);
  } else if (flowRunId !== null && flowStep !== null) {
    await noticeStepEnd(hub, tx, { flowRunId, step: flowStep, transferId: id });
  }
}
