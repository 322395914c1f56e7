import type { SiteSample } from '@interpulse/domain/site/site.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** Several hubs may share a database: what one of them has just noted, the others do not. */
const insert = statement<{ siteId: string }, [string, string]>(
  'sample_sites',
  `insert into site_samples (site_id, at, cores_busy, cores_total, jobs_ready, jobs_active, pilots)
   select s.id, $1::timestamptz, coalesce(j.busy, 0), coalesce(p.cores, 0), coalesce(j.ready, 0),
     coalesce(j.active, 0), coalesce(p.pilots, 0)
   from sites s
   left join (select site_id, sum(cores) filter (where state = 'active') as busy,
       sum(jobs) filter (where state = 'ready') as ready,
       sum(jobs) filter (where state = 'active') as active
     from site_loads group by site_id) j on j.site_id = s.id
   left join (select site_id, sum(cores) as cores, count(*) as pilots from pilots
     where state = 'running' group by site_id) p on p.site_id = s.id
   where s.scratch_collection is not null and not exists (select from site_samples
     where site_id = s.id and at > $2::timestamptz)
   on conflict do nothing returning site_id as "siteId"`,
);

/** Notes how every site with a compute role is used, unless that was noted since `since`. */
export async function sampleSites(db: Executor, at: string, since: string): Promise<void> {
  await db.run(insert, at, since);
}

/** What was noted of a site since an instant, oldest first: at most `most`, evenly spread. */
export async function readSiteSamples(
  db: Executor,
  siteId: string,
  { since, most }: { since: string; most: number },
): Promise<SiteSample[]> {
  return db.query<SiteSample>(
    `select at, cores_busy as "coresBusy", cores_total as "coresTotal", jobs_ready as "jobsReady",
       jobs_active as "jobsActive", pilots
     from (select *, row_number() over (order by at desc) - 1 as place, count(*) over () as n
       from site_samples where site_id = $1 and at >= $2::timestamptz) x
     where place % greatest(1, ceil(n::float8 / $3))::int = 0 order by at`,
    [siteId, since, most],
  );
}

/** Forgets what was noted before. */
export async function forgetSiteSamples(db: Executor, before: string): Promise<void> {
  await db.query('delete from site_samples where at < $1::timestamptz', [before]);
}
