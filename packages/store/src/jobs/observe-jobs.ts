import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** What was seen of runs that ended well, of one app (`''` for plain commands) at one site. */
export interface SeenRuns {
  siteId: string;
  app: string;
  count: number;
  /** Means. */
  runSeconds: number;
  outputBytes: number;
}

/** The newest counts for at least a fifth: what a moving average forgets. */
const observeTimes = statement<never, [string]>(
  'observe_runtimes',
  `insert into app_runtimes as a (site_id, app, samples, run_seconds)
   select "siteId", app, count, "runSeconds"
   from jsonb_to_recordset($1::jsonb) as r("siteId" text, app text, count integer,
     "runSeconds" float8) order by 1, 2
   on conflict (site_id, app) do update set samples = a.samples + excluded.samples,
     run_seconds = a.run_seconds + (excluded.run_seconds - a.run_seconds)
       * greatest(0.2, excluded.samples::float8 / (a.samples + excluded.samples))`,
);

const observeBytes = statement<never, [string]>(
  'observe_outputs',
  `insert into app_outputs as a (app, samples, output_bytes)
   select app, sum(count)::int, sum(count * "outputBytes") / sum(count)
   from jsonb_to_recordset($1::jsonb) as r(app text, count integer, "outputBytes" float8)
   group by app order by 1
   on conflict (app) do update set samples = a.samples + excluded.samples,
     output_bytes = a.output_bytes + (excluded.output_bytes - a.output_bytes)
       * greatest(0.2, excluded.samples::float8 / (a.samples + excluded.samples))`,
);

/**
 * Learns from runs that ended well: moving averages of run times by site and app, and of outputs by
 * app. These rows are everybody's: write them last in a transaction, or outside of one.
 */
export async function observeRuns(db: Executor, seen: readonly SeenRuns[]): Promise<void> {
  if (seen.length === 0) return;
  const rows = jsonb(seen);
  await Promise.all([db.run(observeTimes, rows), db.run(observeBytes, rows)]);
}
