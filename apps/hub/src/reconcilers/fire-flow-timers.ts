import { dueAtOf } from '@interpulse/domain/flow/due-at.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { lastStatuses } from '@interpulse/store/action-runs/read-action-runs.ts';
import {
  dueFlowTimers,
  moveFlowTimer,
  nextFlowTimerAt,
} from '@interpulse/store/flow-runs/flow-timers.ts';
import { enact } from '../flow-runs/enact.ts';
import { lockKnownRun } from '../flow-runs/lock-known-run.ts';
import type { Hub } from '../hub.ts';

const timersPerRound = 1000;

/**
 * Fires the timers of flow runs that are due: all of one flow run in one turn, and those of flow
 * runs that wait for a person as well. Answers when the next one is. What fires is decided by the
 * flow run itself: a timer that came too early, or twice, changes nothing.
 */
export async function fireFlowTimers(hub: Hub): Promise<boolean | string | null> {
  const due = await dueFlowTimers(hub.db, hub.now(), timersPerRound);
  let fired = false;
  for (const [flowRunId, timers] of Map.groupBy(due, (timer) => timer.flowRunId)) {
    const steps = timers.flatMap(({ step }) => step ?? []);
    if (await fire(hub, flowRunId, steps)) fired = true;
  }
  if (fired && due.length === timersPerRound) return true;
  // A timer that is due and does not fire is one whose clock was set back meanwhile.
  if (due.length > 0 && !fired) return addSeconds(hub.now(), 1);
  return nextFlowTimerAt(hub.db);
}

async function fire(hub: Hub, flowRunId: string, steps: readonly number[]): Promise<boolean> {
  return hub.transaction(async (tx) => {
    const run = await lockKnownRun(hub, tx, flowRunId);
    if (run === undefined) return false;
    const [own] = run.core.branches;
    const ownDueAt = dueAtOf(own?.wait ?? null);
    const isOwnDue = own !== undefined && ownDueAt !== null && ownDueAt <= hub.now();
    const due = isOwnDue ? [own.step, ...steps] : steps;
    const statuses = await lastStatuses(tx, flowRunId, due);
    const events = due.map((step) => {
      return { kind: 'timerFired' as const, step, lastStatus: statuses.get(step) };
    });
    if (events.length > 0 && (await enact(hub, tx, run, ...events))) return true;
    // Woken for a step that is long over; see `ProgressChange.wakeAt`.
    await moveFlowTimer(tx, flowRunId, ownDueAt);
    return ownDueAt === null || ownDueAt > hub.now();
  });
}
