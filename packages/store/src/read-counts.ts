import type { Executor } from './executor.ts';
import { jobStages, placedSql } from './jobs/job-stage.ts';

/** How much there is of what, for operators. */
export interface Counts {
  jobs: Record<string, number>;
  pilots: Record<string, number>;
  sites: Record<string, number>;
  flowRuns: Record<string, number>;
  transfers: Record<string, number>;
}

/** Counts what has not ended; each count walks an index of open things only. */
export async function readCounts(db: Executor): Promise<Counts> {
  const [row] = await db.query<Counts>(
    `select
       (select coalesce(jsonb_object_agg(state, n), '{}') from (select state, count(*) as n
         from (select state from jobs where stage = ${jobStages.waiting}
           union all select state from jobs where stage = ${jobStages.queued}
           union all select state from jobs where ${placedSql('jobs')}) j group by 1) c) as jobs,
       (select coalesce(jsonb_object_agg(name, n), '{}') from (select s.name, count(*) as n
         from pilots p join sites s on s.id = p.site_id
         where p.state in ('wanted', 'submitted', 'running') group by 1) c) as pilots,
       (select coalesce(jsonb_object_agg(name, case when silent then 0 else 1 end), '{}')
         from sites) as sites,
       (select coalesce(jsonb_object_agg(status, n), '{}') from (select status, count(*) as n
         from flow_runs where status in ('ACTIVE', 'INACTIVE') group by 1) c) as "flowRuns",
       (select coalesce(jsonb_object_agg(state, n), '{}') from (select state, count(*) as n
         from transfers where state in ('queued', 'active') group by 1) c) as transfers`,
  );
  return row ?? { jobs: {}, pilots: {}, sites: {}, flowRuns: {}, transfers: {} };
}
