import type { ExpectedTimes } from '@interpulse/domain/flow/expected-times.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

interface StateRow {
  state: string;
  seconds: number;
  slowSeconds: number;
  visits: number;
}

/** Steps of a run that teach of what is inside its Parallel and Map states. */
const innerSteps = 2000;

/**
 * $1 flow, $2 its own states. $3 of so many last runs; those that failed, or did only a part again,
 * did not go the whole way. $4 what is inside Parallel and Map states, of $5 first steps of each
 * run: of ten thousand items some teach enough. Of what was canceled, as the losers of a race are,
 * nobody knows how long it would have taken.
 */
const selectTimes = statement<
  StateRow,
  [string, readonly string[], number, readonly string[], number]
>(
  'expected_times',
  `with runs as (select id from flow_runs where flow_name = $1 and status = 'SUCCEEDED'
     and rerun_of is null order by id desc limit $3),
   steps as not materialized (select s.sequence, s.state_name, s.status, s.started_at, s.ended_at
     from runs join flow_steps s on s.flow_run_id = runs.id where s.ended_at is not null),
   visits as (select name as state_name, greatest(extract(epoch from ended_at - started_at), 0)
       ::float8 as seconds
     from (select state_name as name, started_at, ended_at from steps
         where state_name = any($2)
       union all
       -- Their steps are called by their place: the item of a Map, then the state.
       select i.name, started_at, ended_at from steps s
         join unnest($4::text[]) as i(name)
           on right(s.state_name, length(i.name) + 1) = '/' || i.name
         where s.status = 'succeeded' and s.sequence <= $5) as each_visit)
   select state_name as state, percentile_cont(0.5) within group (order by seconds) as seconds,
     percentile_cont(0.9) within group (order by seconds) as "slowSeconds",
     count(*)::float8 / (select count(*) from runs) as visits
   from visits group by 1`,
);

/** What the last runs of a flow that succeeded teach of its states. */
export async function readExpectedTimes(
  db: Executor,
  flowName: string,
  wanted: { own: readonly string[]; inner: readonly string[]; lastRuns: number },
): Promise<ExpectedTimes> {
  const { own, inner, lastRuns } = wanted;
  const rows = await db.run(selectTimes, flowName, own, lastRuns, inner, innerSteps);
  return Object.fromEntries(rows.map(({ state, ...learned }) => [state, learned]));
}
