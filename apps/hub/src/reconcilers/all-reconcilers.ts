import { limits } from '@interpulse/domain/limits.ts';
import type { AgentSessions } from '../agents/agent-sessions.ts';
import { noteConnected } from './note-connected.ts';
import type { Instant } from '@interpulse/domain/time.ts';
import { topics, type Hub } from '../hub.ts';
import { dispatchQueuedTransfers } from './dispatch-queued-transfers.ts';
import { keepPilots } from './keep-pilots.ts';
import { leaseReady } from './lease-ready.ts';
import { placeQueuedJobs } from './place-queued-jobs.ts';
import type { Reconciler } from './run-reconcilers.ts';
import { sendOrders } from './send-orders.ts';
import { sweep } from './sweep.ts';
import { tellCancels } from './tell-cancels.ts';
import { fireFlowTimers, noticeForgottenEnds } from './wake-flow-runs.ts';
import { watchSilence } from './watch-silence.ts';

/** Everything that the hub keeps as it should be. */
export function allReconcilers(
  hub: Hub,
  sessions: AgentSessions,
  startedAt: Instant,
): Reconciler[] {
  return [
    {
      name: 'noteConnected',
      topics: [],
      restMilliseconds: 0,
      everySeconds: limits.heartbeatSeconds,
      run: () => noteConnected(hub, sessions),
    },
    {
      name: 'placeQueuedJobs',
      topics: [topics.queuedJobs],
      restMilliseconds: 0,
      everySeconds: 5,
      run: () => placeQueuedJobs(hub),
    },
    {
      name: 'leaseReady',
      topics: ['leases:*'],
      restMilliseconds: 0,
      everySeconds: 5,
      run: () => leaseReady(hub),
    },
    {
      name: 'dispatchQueuedTransfers',
      topics: [topics.transfers],
      restMilliseconds: 50,
      everySeconds: 10,
      run: () => dispatchQueuedTransfers(hub),
    },
    {
      name: 'sendOrders',
      topics: ['orders:*'],
      restMilliseconds: 0,
      everySeconds: 60,
      run: () => sendOrders(hub),
    },
    {
      name: 'tellCancels',
      topics: ['cancels:*'],
      restMilliseconds: 0,
      everySeconds: 60,
      run: () => tellCancels(hub),
    },
    {
      name: 'keepPilots',
      topics: [topics.pilots],
      restMilliseconds: 500,
      everySeconds: 10,
      run: () => keepPilots(hub),
    },
    {
      name: 'fireFlowTimers',
      topics: [topics.flowTimers],
      restMilliseconds: 0,
      everySeconds: 15,
      run: () => fireFlowTimers(hub),
    },
    {
      name: 'noticeForgottenEnds',
      topics: [],
      restMilliseconds: 0,
      everySeconds: 20,
      run: () => noticeForgottenEnds(hub),
    },
    {
      name: 'watchSilence',
      topics: [],
      restMilliseconds: 0,
      everySeconds: 5,
      run: () => watchSilence(hub, startedAt),
    },
    { name: 'sweep', topics: [], restMilliseconds: 0, everySeconds: 3600, run: () => sweep(hub) },
  ];
}
