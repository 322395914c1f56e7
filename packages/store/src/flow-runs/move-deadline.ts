import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

const move = statement<{ jobs: number }, [string, string | null]>(
  'move_deadline',
  `with run as (
      select id, deadline_at from flow_runs where id = $1),
    open as (
      select j.id from jobs j join run on j.flow_run_id = run.id
      where j.ended_at is null and j.deadline_at is not distinct from run.deadline_at
      order by j.id for update of j),
    moved as (
      update jobs set deadline_at = $2::timestamptz from open where jobs.id = open.id
      returning jobs.id),
    changed as (update flow_runs set deadline_at = $2::timestamptz where id = $1)
   select count(*)::int as jobs from moved`,
);

/**
 * Moves the deadline of a locked flow run, and of those of its open jobs that had the same one; how
 * many. A job of a flow that was given a deadline of its own keeps it.
 */
export async function moveDeadline(
  tx: Executor,
  flowRunId: string,
  deadlineAt: string | null,
): Promise<number> {
  const [row] = await tx.run(move, flowRunId, deadlineAt);
  return row?.jobs ?? 0;
}

const following = statement<{ id: string }, [string, number, string]>(
  'runs_of_shot_clock',
  `select id from flow_runs where instrument = $1 and shot_number = $2 and ended_at is null
     and deadline_at is distinct from $3::timestamptz
     and run -> 'context' ->> 'follows_shot_clock' = 'true'
   order by id for update`,
);

/** Open flow runs of a shot that are due at its next one, and were told another instant; locked. */
export async function runsToMove(
  tx: Executor,
  shot: { instrument: string; number: number; nextShotAt: string },
): Promise<string[]> {
  const rows = await tx.run(following, shot.instrument, shot.number, shot.nextShotAt);
  return rows.map(({ id }) => id);
}
