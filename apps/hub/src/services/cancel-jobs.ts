import { lockFlowRunsOf } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { cancelAndTell } from './cancel-and-tell.ts';
import { noticeEndedJobs } from './notice-ended-jobs.ts';

/**
 * Cancels jobs that have not ended, in one statement; answers how many there were. Those that wait
 * are ended at once; processes are ended by the agents, who are told after the commit: what is
 * still running when an agent hears of it is stale, and stale work is ended. What waited for a
 * canceled job is taken on.
 */
export async function cancelJobs(
  hub: Hub,
  tx: HubTransaction,
  jobIds: readonly string[],
  actor: string | null,
  reason: string,
): Promise<number> {
  tx.commitWith(lockFlowRunsOf(tx, { jobIds }));
  const canceled = await cancelAndTell(hub, tx, jobIds, { actor, reason });
  await noticeEndedJobs(
    hub,
    tx,
    canceled.map((job) => ({ ...job, state: 'canceled' })),
  );
  return canceled.length;
}
