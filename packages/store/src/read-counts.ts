import type { Executor } from './executor.ts';
import { jobStages, placedSql } from './jobs/job-stage.ts';

/** How much there is of what, for operators. */
export interface Counts {
  jobs: Record<string, number>;
  /** Alive, by site, pool and state. */
  pilots: { site: string; pool: string; state: string; count: number }[];
  /** Of pools in which a pilot has started: what pilots wait in the queue, in seconds. */
  queueWaits: { site: string; pool: string; seconds: number }[];
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
       (select coalesce(jsonb_agg(c), '[]') from (select s.name as site, p.pool, p.state,
           count(*) from pilots p join sites s on s.id = p.site_id
         where p.state in ('wanted', 'submitted', 'running') group by 1, 2, 3 order by 1, 2, 3) c)
         as pilots,
       (select coalesce(jsonb_agg(c), '[]') from (select s.name as site, p.name as pool,
           p.queue_wait_seconds as seconds from pools p join sites s on s.id = p.site_id
         where p.queue_wait_seconds is not null order by 1, 2) c) as "queueWaits",
       (select coalesce(jsonb_object_agg(name, case when silent then 0 else 1 end), '{}')
         from sites) as sites,
       (select coalesce(jsonb_object_agg(status, n), '{}') from (select status, count(*) as n
         from flow_runs where status in ('ACTIVE', 'INACTIVE') group by 1) c) as "flowRuns",
       (select coalesce(jsonb_object_agg(state, n), '{}') from (select state, count(*) as n
         from transfers where state in ('queued', 'active') group by 1) c) as transfers`,
  );
  if (row === undefined) throw new Error('counting answered no row');
  return row;
}
