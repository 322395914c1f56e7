import type { ItemCounts, StateCounts } from '@interpulse/domain/flow-run/step-counts.ts';
import type { Executor } from '../executor.ts';

/** Names of states inside others as one: `Each[3]/Analyze` is `Each[]/Analyze`. */
const alike = (name: string): string => `regexp_replace(${name}, '\\[\\d+\\]/', '[]/', 'g')`;

const seconds = (from: string): string =>
  `coalesce(extract(epoch from ${from}), 0)::double precision`;

/** What a flow run did in each state that it came to, in the order in which it came. */
export async function countStates(db: Executor, flowRunId: string): Promise<StateCounts[]> {
  return db.query<StateCounts>(
    `with counted as (
       select ${alike('state_name')} as path, count(*)::integer as visits,
         count(*) filter (where status = 'active')::integer as active,
         count(*) filter (where status = 'succeeded')::integer as succeeded,
         count(*) filter (where status = 'failed')::integer as failed,
         count(*) filter (where status = 'canceled')::integer as canceled,
         ${seconds('sum(ended_at - started_at)')} as "totalSeconds",
         min(started_at) filter (where status = 'active') as "activeSince",
         min(sequence) as first, max(sequence) as newest,
         coalesce(max(sequence) filter (where status = 'active'), max(sequence)) as step
       from flow_steps where flow_run_id = $1 group by 1)
     select path, visits, active, succeeded, failed, canceled, "totalSeconds", "activeSince", step,
       shown.status, shown.reason, ${seconds('last.ended_at - last.started_at')} as "lastSeconds"
     from counted
     join flow_steps shown on shown.flow_run_id = $1 and shown.sequence = counted.step
     join flow_steps last on last.flow_run_id = $1 and last.sequence = counted.newest
     order by first`,
    [flowRunId],
  );
}

interface BegunItems extends Omit<ItemCounts, 'total'> {
  /** Of a state that is under way in the flow itself. */
  wanted: number | null;
}

/** The items of each Map and Parallel state that a flow run came to. */
export async function countItems(
  db: Executor,
  flowRunId: string,
  states: readonly StateCounts[],
): Promise<ItemCounts[]> {
  // The newest step says how an item stands: what failed and was caught is not failed.
  const rows = await db.query<BegunItems>(
    `with items as (
       select distinct on (item) substring(state_name from '^(.*\\[\\d+\\])/') as item, status
       from flow_steps where flow_run_id = $1 and state_name ~ '\\[\\d+\\]/'
       order by item, sequence desc),
     wanted as (
       select s.state_name as path, (b -> 'wait' ->> 'total')::integer as total
       from flow_runs r cross join jsonb_array_elements(r.run -> 'branches') b
       join flow_steps s on s.flow_run_id = r.id and s.sequence = (b ->> 'step')::integer
       where r.id = $1 and b -> 'wait' ->> 'kind' = 'branches'),
     begun as (
       select ${alike(`regexp_replace(item, '\\[\\d+\\]$', '')`)} as path,
         count(*) filter (where status = 'succeeded')::integer as done,
         count(*) filter (where status = 'active')::integer as active,
         count(*) filter (where status = 'failed')::integer as failed,
         count(*) filter (where status = 'canceled')::integer as canceled
       from items group by 1)
     select path, coalesce(done, 0) as done, coalesce(active, 0) as active,
       coalesce(failed, 0) as failed, coalesce(canceled, 0) as canceled, wanted.total as wanted
     from begun full join wanted using (path) order by path`,
    [flowRunId],
  );
  const byPath = new Map(states.map((state) => [state.path, state]));
  return rows.map(({ wanted, ...counts }) => {
    const state = byPath.get(counts.path);
    const isWhole = state !== undefined && state.visits === state.succeeded;
    const begun = counts.done + counts.active + counts.failed + counts.canceled;
    return { ...counts, total: wanted ?? (isWhole ? begun : null) };
  });
}
