import type { TransferOrder } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import { leasedJobsOfSite } from '@interpulse/store/jobs/lease-jobs.ts';
import { staleAttempts } from '@interpulse/store/jobs/held-attempts.ts';
import { alivePilots } from '@interpulse/store/pilots/pilots.ts';
import { saveAgentState } from '@interpulse/store/sites/save-agent-state.ts';
import { activeTransfersOfSite, openTransfers } from '@interpulse/store/transfers/transfers.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { losePilots } from './lose-pilots.ts';
import { leaseMessages } from './lease-jobs.ts';
import { takePilotReportsNow } from './take-pilot-reports.ts';
import { ordersFor } from './transfer-orders.ts';

/**
 * Takes the whole state that an agent reports on a new incarnation of its session, and tells it
 * everything that it should be doing: whichever side restarted, both agree from here on.
 */
export async function takeAgentState(hub: Hub, siteId: string, state: AgentState): Promise<void> {
  await hub.transaction(async (tx) => {
    const at = hub.now();
    const ids = new Map(state.instruments.map(({ name }) => [name, hub.newId('instrument')]));
    const saved = await saveAgentState(tx, siteId, state, at, ids);
    if (saved.refused.length > 0) {
      const names = saved.refused.join(', ');
      const why = 'another site has a collection or instrument of that name; rename it';
      throw new DomainError('conflict', `${names}: ${why}`);
    }
    await agreeOnPilots(hub, tx, siteId, state);
    await tellWhatIsWanted(hub, tx, siteId, state);
    await appendEvents(tx, [
      {
        at,
        kind: 'site.up',
        subjectType: 'site',
        subjectId: siteId,
        project: null,
        flowRunId: null,
        actor: null,
        data: { version: state.version, host: state.host, wasSilent: saved.wasSilent },
      },
    ]);
    tx.notify([eventsTopic, topics.pilots, topics.queuedJobs, topics.transfers]);
  });
}

/**
 * Pilots that the agent does not know any more are lost; `wanted` ones it never had. One that ran
 * and is in the queue again was preempted while nobody listened.
 */
async function agreeOnPilots(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  state: AgentState,
): Promise<void> {
  const before = await alivePilots(tx, siteId);
  const ran = new Set(before.flatMap(({ id, state: was }) => (was === 'running' ? [id] : [])));
  const reports = state.pilots.map((report) =>
    report.event === 'submitted' && ran.has(report.pilotId)
      ? { ...report, event: 'preempted' as const }
      : report,
  );
  await takePilotReportsNow(hub, tx, siteId, reports);
  const known = new Set<string>(state.pilots.map((pilot) => pilot.pilotId));
  const alive = await alivePilots(tx, siteId);
  const lost = alive.filter((pilot) => pilot.state !== 'wanted' && !known.has(pilot.id));
  const reason = 'its agent restarted and found it gone';
  await losePilots(
    hub,
    tx,
    siteId,
    lost.map((pilot) => pilot.id),
    reason,
  );
}

async function tellWhatIsWanted(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  state: AgentState,
): Promise<void> {
  const leased = await leasedJobsOfSite(tx, siteId);
  for (const message of await leaseMessages(hub, tx, leased)) {
    tx.afterCommit(() => void hub.tell(siteId, message));
  }
  const jobs = await staleAttempts(tx, siteId, state.tasks);
  if (jobs.length > 0) tx.afterCommit(() => void hub.tell(siteId, { type: 'cancelJobs', jobs }));
  await tellActiveTransfers(hub, tx, siteId, state);
}

async function tellActiveTransfers(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  state: AgentState,
): Promise<void> {
  const active = await activeTransfersOfSite(tx, siteId);
  const orders: TransferOrder[] = [];
  for (const transfer of active) {
    const ours = ordersFor(transfer).filter((order) => order.siteId === siteId);
    orders.push(...ours.map(({ order }) => order));
  }
  if (orders.length > 0) {
    tx.afterCommit(() => void hub.tell(siteId, { type: 'transferOrders', orders }));
  }
  // One that waits for its next attempt goes on with the parts that there are.
  const told = state.transfers.map(({ transferId }) => transferId);
  const open = new Set<string>(await openTransfers(tx, told));
  const transferIds = told.filter((id) => !open.has(id));
  if (transferIds.length > 0) {
    tx.afterCommit(() => void hub.tell(siteId, { type: 'cancelTransfers', transferIds }));
  }
}
