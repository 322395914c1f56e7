import { moveDeadline, runsToMove } from '@interpulse/store/flow-runs/move-deadline.ts';
import { findFlowRun } from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { applyFlowEvent } from './apply-flow-event.ts';

/** Where a deadline is moved to. */
export interface DeadlineMove {
  deadlineAt: string | null;
  why: string;
  /** Whether the shot clock may move it again. */
  followsShotClock: boolean;
}

/**
 * Moves the deadline of a flow run that is under way: what its Choices read, its row, and those of
 * its open jobs that were due with it. One that has ended stays as it was.
 */
export async function moveDeadlineOf(
  hub: Hub,
  tx: HubTransaction,
  flowRunId: string,
  { deadlineAt, why, followsShotClock }: DeadlineMove,
): Promise<void> {
  const run = await findFlowRun(tx, flowRunId);
  if (run === undefined) return;
  const definition = await hub.definitions.get(run.flowName, run.flowVersion, tx);
  const times = await hub.expectedTimes.get(tx, run.flowName, definition, hub.now());
  // Who had no deadline did not ask what the rest will take.
  const learns = run.deadlineAt === null && Object.keys(times).length > 0;
  const context = {
    follows_shot_clock: followsShotClock,
    ...(learns ? { expected: times } : {}),
  };
  const event = { kind: 'deadlineMoved' as const, deadlineAt, why, context };
  if (!(await applyFlowEvent(hub, tx, flowRunId, event))) return;
  const jobs = await moveDeadline(tx, flowRunId, deadlineAt);
  if (jobs > 0) tx.notify([topics.queuedJobs]);
}

/**
 * The next shot of an instrument is due at another instant: so is what is due at it. Its flow runs
 * are locked by this call, the returned one moves them: what is written of the shot comes in
 * between, since a flow run that answers holds its row before that of its shot.
 */
export async function followShotClock(
  hub: Hub,
  tx: HubTransaction,
  shot: { instrument: string; number: number; nextShotAt: string | null },
): Promise<() => Promise<void>> {
  const { number, nextShotAt } = shot;
  if (nextShotAt === null) return () => Promise.resolve();
  const ids = await runsToMove(tx, { ...shot, nextShotAt });
  const why = `the shot after ${number} is due then`;
  return async () => {
    for (const id of ids) {
      await moveDeadlineOf(hub, tx, id, { deadlineAt: nextShotAt, why, followsShotClock: true });
    }
  };
}
