import type { PilotReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { applyPilotReports, type ReportedPilot } from '@interpulse/store/pilots/report-pilots.ts';
import { noteSiteFault, noteSitesWell } from '@interpulse/store/sites/watch-sites.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { takeBack } from './lose-pilots.ts';

/** Takes what an agent says of its pilots; work of those that are gone becomes ready again. */
export async function takePilotReports(
  hub: Hub,
  siteId: string,
  reports: readonly PilotReport[],
): Promise<void> {
  await hub.transaction((tx) => takePilotReportsNow(hub, tx, siteId, reports));
}

/** The same in a transaction of the caller. */
export async function takePilotReportsNow(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  reports: readonly PilotReport[],
): Promise<void> {
  const changed = await applyPilotReports(tx, siteId, reports);
  if (changed.length === 0) return;
  const gone = changed.filter((pilot) => pilot.state === 'ended' || pilot.state === 'lost');
  if (gone.length > 0) {
    const reason = `its pilot ended: ${gone[0]?.reason ?? 'no reason given'}`;
    await takeBack(hub, tx, { siteId, pilotIds: idsOf(gone), reason, outcome: 'lost' });
  }
  const preempted = changed.filter((pilot) => pilot.event === 'preempted');
  if (preempted.length > 0) {
    const reason = `its pilot was preempted: ${preempted[0]?.reason ?? 'no reason given'}`;
    const pilotIds = idsOf(preempted);
    await takeBack(hub, tx, { siteId, pilotIds, reason, outcome: 'preempted' });
  }
  await noteStillborn(hub, tx, siteId, gone);
  if (changed.some((pilot) => pilot.event === 'running')) await noteSitesWell(tx, [siteId]);
  tx.notify([eventsTopic, topics.pilots, topics.leases(siteId)]);
}

function idsOf(pilots: readonly ReportedPilot[]): string[] {
  return pilots.map((pilot) => pilot.id);
}

/**
 * Pilots that end before they ever ran are the site's own trouble (a queue that refuses, a full
 * disk): after some in a row the site rests, instead of being asked for ever more of them.
 */
async function noteStillborn(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  gone: readonly ReportedPilot[],
): Promise<void> {
  for (const { hasRun, reason } of gone) {
    if (hasRun) continue;
    const restUntil = addSeconds(hub.now(), limits.siteRestSeconds);
    const words = `its pilots do not start: ${reason ?? 'no reason given'}`;
    await noteSiteFault(tx, siteId, { most: limits.siteFaults, restUntil, reason: words });
  }
}
