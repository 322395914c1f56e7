import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { cancelOpenJobs, type CanceledJob } from '@interpulse/store/jobs/cancel-jobs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';

/** Cancels jobs that have not ended, in one statement, and tells the agents after the commit. */
export async function cancelAndTell(
  hub: Hub,
  tx: HubTransaction,
  jobIds: readonly string[],
  why: { actor: string | null; reason: string },
): Promise<CanceledJob[]> {
  if (jobIds.length === 0) return [];
  const canceled = await cancelOpenJobs(tx, jobIds, { at: hub.now(), ...why });
  if (canceled.length > 0) tx.notify([eventsTopic]);
  const bySite = Map.groupBy(canceled, ({ siteId }) => siteId);
  for (const [siteId, jobs] of bySite) if (siteId !== null) tellAgent(hub, tx, siteId, jobs);
  return canceled;
}

function tellAgent(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  jobs: readonly CanceledJob[],
): void {
  const held = jobs.flatMap(({ jobId, attempt, pilotId }) =>
    pilotId === null ? [] : [{ jobId, attempt, pilotId }],
  );
  // Inputs may be on their way: their ends are told by whoever holds the sessions.
  const travelling = held.length < jobs.length;
  if (travelling || hub.agents.get(siteId) === undefined) tx.notify([topics.cancels(siteId)]);
  if (held.length === 0) return;
  tx.notify([topics.leases(siteId), topics.pilots]);
  tx.afterCommit(() => tellCanceled(hub, siteId, held));
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
