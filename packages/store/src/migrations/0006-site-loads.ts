import { sql, type Kysely } from 'kysely';

/**
 * How much work is placed at each site, counted as it changes: placing looks at it in every
 * transaction, and must not count a hundred thousand rows for that. Each connection to the database
 * adds to rows of its own (`slot` is its process id), so that no transaction waits for another's; a
 * reader adds them up. Those of connections that are gone become one, in slot 0.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const key = 'site_id, project, app, urgency, state';

const loadOf = (table: string, sign: '' | '-'): string =>
  `select placed_site_id as site_id, project, coalesce(app, '') as app, urgency, state,
     ${sign}1 as jobs, ${sign}cores as cores from ${table} where placed_site_id is not null`;

const addLoads = (changes: string): string =>
  `insert into site_loads as l (${key}, slot, jobs, cores)
   select ${key}, pg_backend_pid(), sum(jobs), sum(cores) from (${changes}) c
   group by ${key} having sum(jobs) <> 0 or sum(cores) <> 0 order by ${key}
   on conflict (${key}, slot) do update
     set jobs = l.jobs + excluded.jobs, cores = l.cores + excluded.cores`;

const statements = [
  `create table site_loads (
    site_id text not null,
    project text not null,
    app text not null,
    urgency smallint not null,
    state text not null,
    slot integer not null,
    jobs integer not null,
    cores bigint not null,
    primary key (${key}, slot)
  ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`,
  `insert into site_loads (${key}, slot, jobs, cores)
   select ${key}, 0, sum(jobs), sum(cores) from (${loadOf('jobs', '')}) c group by ${key}`,
  `create function note_site_loads() returns trigger language plpgsql as $$
   begin
     if tg_op = 'INSERT' then
       ${addLoads(loadOf('added', ''))};
     elsif tg_op = 'UPDATE' then
       ${addLoads(`${loadOf('added', '')} union all ${loadOf('gone', '-')}`)};
     else
       ${addLoads(loadOf('gone', '-'))};
     end if;
     return null;
   end $$`,
  `create trigger jobs_added after insert on jobs referencing new table as added
   for each statement execute function note_site_loads()`,
  `create trigger jobs_changed after update on jobs
   referencing new table as added old table as gone
   for each statement execute function note_site_loads()`,
  `create trigger jobs_gone after delete on jobs referencing old table as gone
   for each statement execute function note_site_loads()`,
  // Deadlines of placed work, the nearest first; most jobs have none.
  `create index jobs_due on jobs (placed_site_id, deadline_at)
    where placed_site_id is not null and deadline_at is not null`,
  // Ensembles are counted by state, and by when they ended, from the index alone.
  `drop index jobs_by_ensemble`,
  `create index jobs_by_ensemble on jobs (ensemble_id, state, ensemble_place) include (ended_at)
    where ensemble_id is not null`,
  // Few jobs wait for inputs at a time, beside many that are ready.
  `create index jobs_staging on jobs (site_id) where stage = 2`,
];
