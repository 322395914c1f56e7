import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** A timer of a flow run that is due: of a branch, or of the flow itself where `step` is null. */
export interface DueFlowTimer {
  flowRunId: string;
  step: number | null;
}

const due = statement<DueFlowTimer, [string, number]>(
  'due_flow_timers',
  `select "flowRunId", step from (
     (select id as "flowRunId", null::integer as step, wake_at from flow_runs
       where ended_at is null and wake_at <= $1::timestamptz order by wake_at limit $2)
     union all
     (select flow_run_id, step, wake_at from flow_branches
       where wake_at <= $1::timestamptz order by wake_at limit $2)) t
   order by wake_at limit $2`,
);

/** Timers of flow runs that are due, the longest overdue first. */
export async function dueFlowTimers(
  db: Executor,
  now: string,
  limit: number,
): Promise<DueFlowTimer[]> {
  return db.run(due, now, limit);
}

const next = statement<{ at: string | null }>(
  'next_flow_timer',
  `select least(
     (select min(wake_at) from flow_runs where ended_at is null and wake_at is not null),
     (select min(wake_at) from flow_branches where wake_at is not null)) as at`,
);

/** When the next timer of any flow run is due; null when none runs. */
export async function nextFlowTimerAt(db: Executor): Promise<string | null> {
  return (await db.run(next))[0]?.at ?? null;
}

const move = statement<never, [string, string | null]>(
  'move_flow_timer',
  `update flow_runs set wake_at = $2::timestamptz where id = $1 and ended_at is null`,
);

/** Notes when the timer of the flow itself is due; see `ProgressChange.wakeAt`. */
export async function moveFlowTimer(tx: Executor, id: string, at: string | null): Promise<void> {
  await tx.run(move, id, at);
}
