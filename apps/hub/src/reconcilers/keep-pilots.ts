import type { HubToAgent } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import type { PoolNeeds, PoolPlan } from '@interpulse/domain/pilot/pilot-needs.ts';
import { planPilots } from '@interpulse/domain/pilot/plan-pilots.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  lockPilotNeeds,
  savePoolReasons,
  type StoredNeeds,
  type StoredPilot,
} from '@interpulse/store/pilots/pilot-needs.ts';
import {
  insertWantedPilots,
  releasePilots,
  type WantedPilot,
} from '@interpulse/store/pilots/pilots.ts';
import { losePilots } from '../agents/lose-pilots.ts';
import type { Hub } from '../hub.ts';

type PilotOrders = Extract<HubToAgent, { type: 'pilotOrders' }>;

/**
 * Keeps every site's pilots as many as wanted: submits and releases the difference. Pilots that are
 * wanted but not submitted are ordered again on every round; their id is the batch job's name, so
 * that an agent submits each once.
 */
export async function keepPilots(hub: Hub): Promise<void> {
  for (const siteId of hub.agents.connected()) {
    await keepPilotsOfSite(hub, siteId);
  }
}

/** The same for one site whose agent's session is here. */
export async function keepPilotsOfSite(hub: Hub, siteId: string): Promise<void> {
  await hub.transaction(async (tx) => {
    const needs = await lockPilotNeeds(tx, siteId, hub.now());
    if (!needs) return;
    const plans = planPilots(needs, hub.now());
    const added = plans.flatMap((plan) => pilotsOf(hub, plan, needs.pools));
    const released = [...plans.flatMap((plan) => plan.release), ...homeless(needs)];
    await insertWantedPilots(tx, siteId, added, hub.now());
    await releasePilots(tx, released);
    await losePilots(hub, tx, siteId, neverSubmitted(needs, released), 'its pool is gone');
    await savePoolReasons(tx, siteId, plans);
    if (added.length + released.length > 0) tx.notify([eventsTopic]);
    const orders = ordersOf(needs.pilots, added, released);
    if (orders.submit.length + orders.release.length === 0) return;
    tx.afterCommit(() => void hub.tell(siteId, orders));
  });
}

function pilotsOf(hub: Hub, plan: PoolPlan, pools: readonly PoolNeeds[]): WantedPilot[] {
  const pool = pools.find((needs) => needs.pool.name === plan.pool)?.pool;
  if (pool === undefined) return [];
  return plan.submit.map(({ nodes, walltimeSeconds }) => ({
    id: hub.newId('pilot'),
    reason: plan.reason,
    pool: pool.name,
    urgencies: pool.urgencies,
    account: pool.account,
    nodes,
    walltimeSeconds,
  }));
}

/** Pilots of pools that the site does not offer any more. */
function homeless({ pools, pilots }: StoredNeeds): string[] {
  const offered = new Set(pools.map(({ pool }) => pool.name));
  return pilots
    .filter(({ pool, releaseWanted }) => !releaseWanted && !offered.has(pool))
    .map(({ id }) => id);
}

/** An agent says no more of a pilot that it has not submitted: there is nothing to end. */
function neverSubmitted({ pilots }: StoredNeeds, released: readonly string[]): string[] {
  return pilots
    .filter(({ id, state }) => state === 'wanted' && released.includes(id))
    .map(({ id }) => id);
}

function ordersOf(
  pilots: readonly StoredPilot[],
  added: readonly WantedPilot[],
  released: readonly string[],
): PilotOrders {
  const leaving = new Set([
    ...pilots.filter(({ releaseWanted }) => releaseWanted).map(({ id }) => id),
    ...released,
  ]);
  const unsubmitted = pilots.filter(({ id, state }) => state === 'wanted' && !leaving.has(id));
  const submit = [...unsubmitted, ...added].map(({ id, pool, nodes, walltimeSeconds }) => ({
    pilotId: id as PilotId,
    pool,
    nodes,
    walltimeSeconds,
  }));
  return { type: 'pilotOrders', submit, release: [...leaving] as PilotId[] };
}
