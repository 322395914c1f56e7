import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { cancelJobs, type CanceledJob } from '@interpulse/store/jobs/lose-jobs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';

/**
 * Cancels jobs in a transaction of the caller. Their processes are ended by the agents: what is
 * still running when an agent hears of it is stale, and stale work is ended.
 */
export async function cancelJobsNow(
  hub: Hub,
  tx: HubTransaction,
  jobIds: readonly string[],
  at: string,
  actor: string | null,
  reason: string,
): Promise<CanceledJob[]> {
  const canceled = await cancelJobs(tx, jobIds, at, actor, reason);
  tx.notify([eventsTopic]);
  for (const { siteId, jobId, attempt, pilotId } of canceled) {
    if (siteId === null) continue;
    // Its inputs may be on their way: their ends are told by whoever holds the sessions.
    if (pilotId === null) tx.notify([topics.cancels(siteId)]);
    if (pilotId === null) continue;
    tx.notify([topics.leases(siteId)]);
    if (hub.agents.get(siteId) === undefined) tx.notify([topics.cancels(siteId)]);
    const jobs = [{ jobId, attempt, pilotId }];
    tx.afterCommit(() => void hub.tell(siteId, { type: 'cancelJobs', jobs }));
  }
  return canceled;
}
