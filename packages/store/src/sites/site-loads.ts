import type { Executor } from '../executor.ts';

const key = 'site_id, project, app, urgency, state';

/**
 * Adds up what connections that are gone have counted of the work at sites; see the migration
 * `0006-site-loads`. The sums stay what they are.
 */
export async function foldSiteLoads(db: Executor): Promise<void> {
  await db.query(
    `with gone as (
       delete from site_loads where slot <> 0
         and slot not in (select pid from pg_stat_activity where pid is not null) returning *)
     insert into site_loads as l (${key}, slot, jobs, cores)
     select ${key}, 0, sum(jobs), sum(cores) from gone group by ${key} order by ${key}
     on conflict (${key}, slot) do update
       set jobs = l.jobs + excluded.jobs, cores = l.cores + excluded.cores`,
  );
  await db.query('delete from site_loads where slot = 0 and jobs = 0 and cores = 0');
}
