import { limits } from '@interpulse/domain/limits.ts';
import { callBack } from '../action-providers/call-back.ts';
import type { AgentSessions } from '../agents/agent-sessions.ts';
import type { Instant } from '@interpulse/domain/time.ts';
import { flowTimerRoundSeconds } from '../flow-runs/flow-timer-round.ts';
import { topics, type Hub } from '../hub.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { gatherNotices } from '../notices/gather-notices.ts';
import type { NoticeSender } from '../notices/send-notices.ts';
import { createAskBack } from './ask-back.ts';
import { dispatchQueuedTransfers } from './dispatch-queued-transfers.ts';
import { expireWebInputs } from './expire-web-inputs.ts';
import { fireFlowTimers } from './fire-flow-timers.ts';
import { createFireSchedules } from './fire-schedules.ts';
import { keepPilots } from './keep-pilots.ts';
import { leaseReady } from './lease-ready.ts';
import { createMoveWaitingJobs } from './move-waiting-jobs.ts';
import { noticeForgottenEnds } from './notice-forgotten-ends.ts';
import { placeQueuedJobs } from './place-queued-jobs.ts';
import { tellFirings } from '../triggers/untold-firings.ts';
import type { ActionPerformer } from './perform-actions.ts';
import type { Reconciler } from './run-reconcilers.ts';
import { sampleSites } from './sample-sites.ts';
import { sendOrders } from './send-orders.ts';
import { startFlowBatches } from './start-flow-batches.ts';
import { startQueuedFirings } from './start-queued-firings.ts';
import { sweep } from './sweep.ts';
import { tellCancels } from './tell-cancels.ts';
import { createClockWatch } from './watch-clock.ts';
import { createSilenceWatch } from './watch-silence.ts';

/** Everything that the hub keeps as it should be. */
export function allReconcilers(
  hub: Hub,
  sessions: AgentSessions,
  startedAt: Instant,
  { performer, sender }: { performer: ActionPerformer; sender: NoticeSender },
): Reconciler[] {
  const { askBackEverySeconds, clockStepSeconds, heartbeatSeconds, siteSampleSeconds } = limits;
  return [
    reconciler('placeQueuedJobs', [topics.queuedJobs], 5, () => placeQueuedJobs(hub)),
    reconciler('leaseReady', ['leases:*'], 5, () => leaseReady(hub)),
    {
      // Pilots that have come wake it; those that have room again are seen by the timer.
      ...reconciler('askBack', ['leases:*'], askBackEverySeconds, createAskBack(hub)),
      restMilliseconds: 500,
    },
    {
      ...reconciler('dispatchQueuedTransfers', [topics.transfers], 10, () =>
        dispatchQueuedTransfers(hub),
      ),
      restMilliseconds: 50,
    },
    reconciler('sendOrders', ['orders:*'], 60, () => sendOrders(hub)),
    reconciler('tellCancels', ['cancels:*'], 60, () => tellCancels(hub)),
    // Every job wakes it, and pilots take longer than that to start.
    {
      ...reconciler('keepPilots', [topics.pilots], 10, () => keepPilots(hub)),
      restMilliseconds: 500,
    },
    // Woken by what ends and by what is placed; waiting work has waited for seconds already.
    {
      ...reconciler('moveWaitingJobs', [topics.pilots], 2, createMoveWaitingJobs(hub)),
      restMilliseconds: 1000,
    },
    reconciler('fireFlowTimers', [topics.flowTimers], flowTimerRoundSeconds, () =>
      fireFlowTimers(hub),
    ),
    reconciler('startFlowBatches', [topics.flowBatches], 10, () => startFlowBatches(hub)),
    reconciler('fireSchedules', [topics.triggers], 15, createFireSchedules(hub)),
    reconciler('startQueuedFirings', [topics.triggers], 15, () => startQueuedFirings(hub)),
    {
      ...reconciler('tellFirings', [topics.untoldFirings], 60, () => tellFirings(hub)),
      restMilliseconds: 5000,
    },
    reconciler('callBack', [topics.flowRunEnds], 15, () => callBack(hub)),
    reconciler('performActions', [topics.actions], 15, () => performer.run()),
    // Every change of anything wakes it, and who reads a message has not waited for a second.
    {
      ...reconciler('gatherNotices', [eventsTopic, topics.notices], 15, () => gatherNotices(hub)),
      restMilliseconds: 1000,
    },
    reconciler('sendNotices', [topics.notices], 15, () => sender.run()),
    reconciler('expireWebInputs', [topics.webInputs], 15, () => expireWebInputs(hub)),
    reconciler('noticeForgottenEnds', [], 20, () => noticeForgottenEnds(hub)),
    reconciler('watchSilence', [], heartbeatSeconds, createSilenceWatch(hub, sessions, startedAt)),
    reconciler('watchClock', [], clockStepSeconds, createClockWatch(hub)),
    reconciler('sampleSites', [], siteSampleSeconds, () => sampleSites(hub)),
    reconciler('sweep', [], 3600, () => sweep(hub)),
  ];
}

function reconciler(
  name: string,
  wakers: string[],
  everySeconds: number,
  run: Reconciler['run'],
): Reconciler {
  return { name, topics: wakers, restMilliseconds: 0, everySeconds, run };
}
