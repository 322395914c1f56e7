import { planPilots } from '@interpulse/domain/pilot/plan-pilots.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  insertWantedPilots,
  lockPilotNeeds,
  releasePilots,
} from '@interpulse/store/pilots/pilots.ts';
import { listSites } from '@interpulse/store/sites/read-sites.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import type { Hub } from '../hub.ts';

/**
 * Keeps every site's pilots as many as wanted: submits and releases the difference. Pilots that are
 * wanted but not submitted are ordered again on every round; their id is the batch job's name, so
 * that an agent submits each once.
 */
export async function keepPilots(hub: Hub): Promise<void> {
  for (const site of await listSites(hub.db)) {
    if (hub.agents.get(site.id) === undefined) continue;
    await keepPilotsOfSite(hub, site.id);
  }
}

/** The same for one site whose agent's session is here. */
export async function keepPilotsOfSite(hub: Hub, siteId: string): Promise<void> {
  await hub.transaction(async (tx) => {
    const needs = await lockPilotNeeds(tx, siteId, hub.now());
    if (!needs) return;
    const { pool, pilots } = needs;
    const staying = pilots.filter((pilot) => !pilot.releaseWanted);
    const coresPerPilot = needs.coresPerNode * pool.nodesPerPilot;
    const plan = planPilots({ ...needs, pilots: staying, coresPerPilot }, hub.now());
    const added = Array.from({ length: plan.submit }, () => ({
      id: hub.newId('pilot'),
      reason: plan.reason,
      nodes: pool.nodesPerPilot,
      walltimeSeconds: pool.walltimeSeconds,
    }));
    await insertWantedPilots(tx, siteId, added, hub.now());
    await releasePilots(tx, plan.release);
    if (added.length + plan.release.length > 0) tx.notify([eventsTopic]);
    const wanted = staying.filter((pilot) => pilot.state === 'wanted');
    const submit = [...wanted, ...added].map(({ id, nodes, walltimeSeconds }) => ({
      pilotId: id as PilotId,
      nodes,
      walltimeSeconds,
    }));
    const leaving = pilots.filter((pilot) => pilot.releaseWanted).map((pilot) => pilot.id);
    const release = [...leaving, ...plan.release] as PilotId[];
    if (submit.length + release.length === 0) return;
    tx.afterCommit(() => void hub.tell(siteId, { type: 'pilotOrders', submit, release }));
  });
}
