import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** Rows that go in one statement; the next sweep takes the next ones. */
const most = 100_000;

/**
 * One pass over the jobs, whatever the planner thinks: an index of what each refers to would be
 * written anew with every change of its stage. Rows are made with the jobs that refer to them, and
 * no job refers to an older one later.
 */
const forget = statement<{ forgotten: number }, [number]>(
  'forget_placements',
  `with old as (select id from placements except select placement_id from jobs limit $1),
    gone as (delete from placements p using old where p.id = old.id returning 1)
  select count(*)::int as forgotten from gone`,
);

/** Forgets what the placer saw for jobs that it has looked at again since; answers how much. */
export async function forgetPlacements(db: Executor): Promise<number> {
  return (await db.run(forget, most))[0]?.forgotten ?? 0;
}
