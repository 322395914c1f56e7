import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { takeBackFromPilots } from '@interpulse/store/jobs/lose-jobs.ts';
import { applyPilotReports } from '@interpulse/store/pilots/pilots.ts';
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
  const at = hub.now();
  const gone = { event: 'lost' as const, at, batchJobId: null, host: null, cores: 0, reason };
  const reports = pilotIds.map((id) => ({ ...gone, pilotId: id as PilotId }));
  await applyPilotReports(tx, siteId, reports);
  await takeBack(hub, tx, siteId, pilotIds, reason);
}

/** Makes what ended pilots held ready again; their rows are closed already. */
export async function takeBack(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  pilotIds: readonly string[],
  reason: string,
): Promise<void> {
  const back = await takeBackFromPilots(tx, pilotIds, hub.now(), reason);
  tx.notify([eventsTopic, topics.pilots, topics.leases(siteId)]);
  await noticeEndedJobs(hub, tx, back);
}
