import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { settleWaiting } from '@interpulse/store/jobs/parents.ts';
import { retryEndedJobs } from '@interpulse/store/jobs/retry-jobs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { goOn } from './settle-ended-jobs.ts';

/**
 * Runs failed and canceled jobs again, and those that failed because of them; answers how many.
 * What has parents that have not ended waits for them.
 */
export async function retryJobs(
  hub: Hub,
  tx: HubTransaction,
  jobIds: readonly string[],
  actor: string | null,
): Promise<number> {
  if (jobIds.length === 0) return 0;
  const at = hub.now();
  const retried = await retryEndedJobs(tx, jobIds, at, actor);
  if (retried.length === 0) return 0;
  const waiting = retried.filter(({ state }) => state === 'waiting');
  const settled = await settleWaiting(
    tx,
    waiting.map(({ jobId }) => jobId),
    at,
  );
  await goOn(hub, tx, settled);
  tx.notify([eventsTopic, topics.queuedJobs]);
  return retried.length;
}
