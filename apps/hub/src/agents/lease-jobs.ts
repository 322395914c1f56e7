import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { FromHub } from '@interpulse/api/agent-messages/session-messages.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { leaseReadyJobs, type LeasedJob } from '@interpulse/store/jobs/lease-jobs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';

/** The messages that give leased jobs to their pilots, none too large for the session. */
export function leaseMessages(jobs: readonly LeasedJob[], scratchCollection: string): FromHub[] {
  const messages: (FromHub & { type: 'leases' })[] = [];
  const open = new Map<PilotId, { jobs: Lease[]; bytes: number }>();
  for (const { pilotId, ...job } of jobs) {
    const workFolder = attemptFolder(scratchCollection, job.jobId, job.attempt);
    const lease: Lease = { ...job, workFolder };
    const bytes = Buffer.byteLength(JSON.stringify(lease));
    const last = open.get(pilotId);
    if (last && last.bytes + bytes <= limits.leaseMessageBytes) {
      last.jobs.push(lease);
      last.bytes += bytes;
      continue;
    }
    const next = { jobs: [lease], bytes };
    open.set(pilotId, next);
    messages.push({ type: 'leases', pilotId, jobs: next.jobs });
  }
  return messages;
}

/** The work directory of one attempt: no two attempts share one. */
export function attemptFolder(scratchCollection: string, jobId: string, attempt: number): string {
  return `${scratchCollection}:/jobs/${jobId}/attempt-${attempt}`;
}

/**
 * Leases what is ready at a site to its pilots, and tells the agent after the commit. Where the
 * agent's session is at another hub, that hub is woken to do it.
 */
export async function leaseAtSite(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  scratchCollection: string,
  how: { wait: boolean } = { wait: false },
): Promise<void> {
  if (hub.agents.get(siteId) === undefined) {
    tx.notify([topics.leases(siteId)]);
    return;
  }
  const leased = await leaseReadyJobs(tx, siteId, hub.now(), how);
  // Who leases there now has not seen what is ready by this transaction: look again after it.
  if (leased === undefined) tx.notify([topics.leases(siteId)]);
  if (leased === undefined) return;
  for (const message of leaseMessages(leased, scratchCollection)) {
    tx.afterCommit(() => void hub.tell(siteId, message));
  }
}
