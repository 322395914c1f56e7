import type { PilotReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { applyPilotReports } from '@interpulse/store/pilots/pilots.ts';
import { topics, type Hub } from '../hub.ts';
import { takeBack } from './lose-pilots.ts';

/** Takes what an agent says of its pilots; work of those that are gone becomes ready again. */
export async function takePilotReports(
  hub: Hub,
  siteId: string,
  reports: readonly PilotReport[],
): Promise<void> {
  await hub.transaction(async (tx) => {
    const changed = await applyPilotReports(tx, siteId, reports);
    if (changed.length === 0) return;
    const gone = changed.filter((pilot) => pilot.state === 'ended' || pilot.state === 'lost');
    const why = reports.find((report) => report.pilotId === gone[0]?.id)?.reason;
    if (gone.length > 0) {
      const reason = `its pilot ended: ${why ?? 'no reason given'}`;
      await takeBack(
        hub,
        tx,
        siteId,
        gone.map((pilot) => pilot.id),
        reason,
      );
    }
    tx.notify([eventsTopic, topics.pilots, topics.leases(siteId)]);
  });
}
