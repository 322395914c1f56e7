import type { Executor } from '../executor.ts';

/**
 * Of these flow runs, those that need not be done again: one that does it again ended well, is
 * under way or about to be started, or is among these itself. Also over several failed tries.
 */
export async function listDoneAgain(
  db: Executor,
  flowRunIds: readonly string[],
): Promise<Set<string>> {
  const rows = await db.query<{ id: string }>(
    `with recursive again(root, id, status) as (
       select rerun_of, id, status from flow_runs where rerun_of = any($1::text[])
       union
       select a.root, r.id, r.status from again a join flow_runs r on r.rerun_of = a.id),
     coming as (select rerun_of as id from flow_batch_items
       where flow_run_id is null and fault is null and rerun_of is not null)
     select root as id from again
       where status in ('SUCCEEDED', 'ACTIVE', 'INACTIVE') or id = any($1::text[])
         or id in (select id from coming)
     union
     select id from coming where id = any($1::text[])`,
    [flowRunIds],
  );
  return new Set(rows.map(({ id }) => id));
}
