import type { ExpectedTimes } from '@interpulse/domain/flow/expected-times.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

interface StateRow {
  state: string;
  seconds: number;
  slowSeconds: number;
  visits: number;
}

/**
 * $1 flow, $2 its own states: what is inside a Map counts as the Map. $3 of so many last runs;
 * those that failed, or did only a part again, did not go the whole way.
 */
const selectTimes = statement<StateRow, [string, readonly string[], number]>(
  'expected_times',
  `with runs as (select id from flow_runs where flow_name = $1 and status = 'SUCCEEDED'
     and rerun_of is null order by id desc limit $3),
   visits as (select s.state_name, greatest(extract(epoch from s.ended_at - s.started_at), 0)
       ::float8 as seconds
     from runs join flow_steps s on s.flow_run_id = runs.id
     where s.state_name = any($2) and s.ended_at is not null)
   select state_name as state, percentile_cont(0.5) within group (order by seconds) as seconds,
     percentile_cont(0.9) within group (order by seconds) as "slowSeconds",
     count(*)::float8 / (select count(*) from runs) as visits
   from visits group by 1`,
);

/** What the last runs of a flow that succeeded teach of its states. */
export async function readExpectedTimes(
  db: Executor,
  flowName: string,
  states: readonly string[],
  lastRuns: number,
): Promise<ExpectedTimes> {
  const rows = await db.run(selectTimes, flowName, states, lastRuns);
  return Object.fromEntries(rows.map(({ state, ...learned }) => [state, learned]));
}
