import { failJob } from '@interpulse/store/jobs/take-back-jobs.ts';
import { markStaged } from '@interpulse/store/jobs/place-jobs.ts';
import { lockReturningJobs, markReturned } from '@interpulse/store/jobs/return-outputs.ts';
import type { ChangedTransfer } from '@interpulse/store/transfers/change-transfers.ts';
import { leaseAtSite } from '../agents/lease-jobs.ts';
import { noticeStepEnds } from '../flow-runs/apply-flow-event.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { noticeEndedJobs, type ChangedJob } from './notice-ended-jobs.ts';
import { returnedOutputs } from './return-outputs.ts';

/**
 * Takes on what waited for transfers that ended, in the same transaction: jobs whose inputs are all
 * there are leased, those whose outputs are all back complete, those whose files cannot come fail,
 * flow runs go to their next states.
 */
export async function noticeEndedTransfers(
  hub: Hub,
  tx: HubTransaction,
  ended: readonly ChangedTransfer[],
): Promise<void> {
  const over = ended.filter(({ state }) => state !== 'queued');
  await noticeFilesOfJobs(hub, tx, over);
  const steps = over.flatMap(({ id, jobId, flowRunId, flowStep: step }) =>
    jobId !== null || flowRunId === null || step === null
      ? []
      : [{ flowRunId, step, transferId: id }],
  );
  await noticeStepEnds(hub, tx, steps);
}

async function noticeFilesOfJobs(
  hub: Hub,
  tx: HubTransaction,
  ended: readonly ChangedTransfer[],
): Promise<void> {
  const byJob = new Map(ended.flatMap((each) => (each.jobId ? [[each.jobId, each] as const] : [])));
  // Of several transfers of one job, what one could not bring counts.
  for (const each of ended) {
    if (each.jobId !== null && each.state !== 'succeeded') byJob.set(each.jobId, each);
  }
  if (byJob.size === 0) return;
  const at = hub.now();
  const returning = await lockReturningJobs(tx, [...byJob.keys()]);
  const returns = new Set<string>(returning.map(({ jobId }) => jobId));
  const changed: ChangedJob[] = [];
  for (const [jobId, { state, reason }] of byJob) {
    if (state === 'succeeded') continue;
    const what = returns.has(jobId)
      ? 'its outputs could not be brought back'
      : 'its inputs could not be moved';
    const failed = await failJob(tx, jobId, at, `${what}: ${reason ?? state}`);
    if (failed === undefined) continue;
    tx.notify([topics.cancels(failed.siteId ?? '')]);
    changed.push(failed);
  }
  for (const job of returning) {
    if (byJob.get(job.jobId)?.state !== 'succeeded' || job.open > 0) continue;
    const done = await markReturned(tx, job.jobId, returnedOutputs(job), at);
    if (done !== undefined) changed.push(done);
  }
  if (changed.length > 0) await noticeEndedJobs(hub, tx, changed);
  const arrived = [...byJob].flatMap(([jobId, { state }]) =>
    state === 'succeeded' && !returns.has(jobId) ? [jobId] : [],
  );
  for (const { siteId } of await markStaged(tx, arrived, at)) await leaseAtSite(hub, tx, siteId);
}
