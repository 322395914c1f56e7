import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { cancelOpenJobs, type CanceledJob } from '@interpulse/store/jobs/cancel-jobs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { noticeEndedJobs } from './notice-ended-jobs.ts';

/**
 * Cancels jobs that have not ended, in one statement; answers how many there were. Those that wait
 * are ended at once; processes are ended by the agents, who are told after the commit: what is still
 * running when an agent hears of it is stale, and stale work is ended. What waited for a canceled
 * job is taken on.
 */
export async function cancelJobs(
  hub: Hub,
  tx: HubTransaction,
  jobIds: readonly string[],
  actor: string | null,
  reason: string,
): Promise<number> {
  const canceled = await cancelAndTell(hub, tx, jobIds, { actor, reason });
  await noticeEndedJobs(
    hub,
    tx,
    canceled.map((job) => ({ ...job, state: 'canceled' })),
  );
  return canceled.length;
}

/** The same for a job of a step that its flow run has given up: the flow run need not be told. */
export async function cancelJobOfStep(
  hub: Hub,
  tx: HubTransaction,
  jobId: string,
  reason: string,
): Promise<void> {
  const canceled = await cancelAndTell(hub, tx, [jobId], { actor: null, reason });
  await noticeEndedJobs(
    hub,
    tx,
    canceled.map((job) => ({ ...job, state: 'canceled', flowRunId: null })),
  );
}

async function cancelAndTell(
  hub: Hub,
  tx: HubTransaction,
  jobIds: readonly string[],
  why: { actor: string | null; reason: string },
): Promise<CanceledJob[]> {
  if (jobIds.length === 0) return [];
  const canceled = await cancelOpenJobs(tx, jobIds, { at: hub.now(), ...why });
  if (canceled.length > 0) tx.notify([eventsTopic]);
  tellAgents(hub, tx, canceled);
  return canceled;
}

function tellAgents(hub: Hub, tx: HubTransaction, canceled: readonly CanceledJob[]): void {
  const bySite = Map.groupBy(canceled, ({ siteId }) => siteId);
  for (const [siteId, jobs] of bySite) {
    if (siteId === null) continue;
    const held = jobs.flatMap(({ jobId, attempt, pilotId }) =>
      pilotId === null ? [] : [{ jobId, attempt, pilotId }],
    );
    // Inputs may be on their way: their ends are told by whoever holds the sessions.
    const travelling = held.length < jobs.length;
    if (travelling || hub.agents.get(siteId) === undefined) tx.notify([topics.cancels(siteId)]);
    if (held.length === 0) continue;
    tx.notify([topics.leases(siteId), topics.pilots]);
    tx.afterCommit(() => tellCanceled(hub, siteId, held));
  }
}

/** Tells a site's agent which attempts shall end, in messages that a session carries. */
export function tellCanceled(
  hub: Hub,
  siteId: string,
  held: readonly { jobId: JobId; attempt: number; pilotId: PilotId }[],
): void {
  for (let first = 0; first < held.length; first += limits.jobsPerCancelMessage) {
    const jobs = held.slice(first, first + limits.jobsPerCancelMessage);
    hub.tell(siteId, { type: 'cancelJobs', jobs });
  }
}
