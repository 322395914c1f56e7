import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { lockFlowRunsOf } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import { takeBackFromPilots } from '@interpulse/store/jobs/take-back-jobs.ts';
import { applyPilotReports } from '@interpulse/store/pilots/report-pilots.ts';
import { noticeEndedJobs } from '../services/notice-ended-jobs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import type { PilotId } from '@interpulse/domain/id.ts';

/** Closes pilots as lost, and makes what they held ready again for others. */
export async function losePilots(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  pilotIds: readonly string[],
  reason: string,
): Promise<void> {
  if (pilotIds.length === 0) return;
  const gone = {
    event: 'lost' as const,
    at: hub.now(),
    batchJobId: null,
    host: null,
    nodes: [],
    expectedAt: null,
    endsAt: null,
    reason,
  };
  const reports = pilotIds.map((id) => ({ ...gone, pilotId: id as PilotId }));
  await applyPilotReports(tx, siteId, reports);
  await takeBack(hub, tx, { siteId, pilotIds, reason, outcome: 'lost' });
}

/** Pilots whose work is taken back; their rows say so already. */
export interface GonePilots {
  siteId: string;
  pilotIds: readonly string[];
  reason: string;
  /** Work that was preempted is no worse for it; of work that was lost it is counted how often. */
  outcome: 'lost' | 'preempted';
}

/** Makes what pilots held that are gone ready again. */
export async function takeBack(
  hub: Hub,
  tx: HubTransaction,
  { siteId, pilotIds, reason, outcome }: GonePilots,
): Promise<void> {
  tx.commitWith(lockFlowRunsOf(tx, { pilotIds }));
  const back = await takeBackFromPilots(tx, pilotIds, hub.now(), reason, outcome);
  tx.notify([eventsTopic, topics.pilots, topics.leases(siteId)]);
  await noticeEndedJobs(hub, tx, back);
}
