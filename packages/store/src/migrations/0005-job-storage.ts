import { sql, type Kysely } from 'kysely';

/**
 * Jobs for throughput: what thousands of jobs of one request share is one row of `job_specs`; the
 * job's own row is narrow, since every change of its state writes it anew, and so it has few
 * indexes. What the placer saw is kept once for all jobs that it saw alike.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  `create table job_specs (
    id bigint generated always as identity primary key,
    digest bytea not null unique,
    app_version text not null default '',
    -- By site name, '*' for all others: what runs, and what placing sees of it. Null for plain
    -- commands, which stand in the job's own row.
    code jsonb,
    code_seen jsonb,
    app_sites text[],
    site_wish jsonb not null,
    output_rules jsonb not null,
    environment jsonb not null,
    resources jsonb not null,
    -- Of the resources, for sums: on all nodes together.
    nodes integer not null,
    gpus double precision not null,
    memory_bytes bigint not null,
    walltime_seconds integer not null,
    on_error jsonb not null,
    on_timeout jsonb not null,
    on_parent_failure text not null,
    placement text,
    allocation text,
    restartable boolean not null,
    may_use_hub boolean not null
  )`,
  `create table placements (
    id bigserial primary key,
    considered jsonb not null
  )`,
  `alter table jobs
    add column spec_id bigint,
    add column placement_id bigint,
    add column ensemble_id text,
    add column ensemble_place integer,
    add column created_by_job_id text,
    add column priority smallint not null default 0,
    add column return_to text,
    add column may_use_hub boolean not null default false,
    add column not_before_at timestamptz,
    add column leased_at timestamptz,
    add column error_retries smallint not null default 0,
    add column timeout_retries smallint not null default 0,
    -- The parent because of which it failed: it is run again with it.
    add column blamed_job_id text`,
  // Jobs from before: one spec for each shape of them.
  `create temporary table old_specs on commit drop as
    select id, sha256(convert_to(jsonb_build_array(app, case when app is null then null
      else command end, site_wish, output_rules, environment, resources)::text, 'utf8')) as digest
    from jobs`,
  `insert into job_specs (digest, code, code_seen, site_wish, output_rules, environment, resources,
      nodes, gpus, memory_bytes, walltime_seconds, on_error, on_timeout, on_parent_failure,
      restartable,
      may_use_hub)
    select distinct on (o.digest) o.digest,
      case when j.app is not null then jsonb_build_object('*', jsonb_build_object('command',
        j.command, 'shell', false, 'preamble', '[]'::jsonb, 'pre', '[]'::jsonb,
        'post', '[]'::jsonb, 'environment', '{}'::jsonb)) end,
      case when j.app is not null then
        jsonb_build_object('*', jsonb_build_object('digest', '', 'shellText', false)) end,
      j.site_wish, j.output_rules, j.environment,
      '{"ranksPerNode":1,"threadsPerRank":0,"gpus":0,"memoryBytes":0}'::jsonb || j.resources,
      coalesce((j.resources->>'nodes')::int, 1), 0, 0,
      coalesce((j.resources->>'walltimeSeconds')::int, 3600),
      '{"retries":0,"delaySeconds":0,"backoffRate":2,"resources":{}}',
      '{"retries":0,"delaySeconds":0,"backoffRate":2,"resources":{}}', 'fail', false, false
    from jobs j join old_specs o using (id)`,
  `update jobs j set spec_id = s.id from old_specs o join job_specs s on s.digest = o.digest
    where o.id = j.id`,
  `alter table jobs
    alter column spec_id set not null,
    alter column command drop not null,
    alter column outputs drop not null,
    alter column outputs drop default,
    alter column staged_inputs drop not null,
    alter column staged_inputs drop default,
    drop column considered,
    drop column site_wish,
    drop column output_rules,
    drop column environment,
    drop column resources`,
  `update jobs set command = null where app is not null`,
  `comment on column jobs.cores is 'on all its nodes together'`,
  // See jobs/job-stage.ts. Every change of stage writes every index anew: only those that a hot
  // path or a list needs.
  `alter table jobs add column stage smallint generated always as (case
    when state = 'waiting' then 0 when state = 'queued' then 1
    when state in ('placed', 'stagingIn') then 2
    when state = 'ready' and pilot_id is null then 3 when state in ('ready', 'active') then 4
    when state = 'stagingOut' then 5 when state = 'completed' then 6
    when state = 'failed' then 7 else 8 end) stored,
    add column placed_site_id text generated always as (case
      when state in ('placed', 'stagingIn', 'ready', 'active', 'stagingOut') then site_id end)
      stored`,
  `drop index jobs_queued`,
  `drop index jobs_ready`,
  `drop index jobs_open_by_site`,
  `drop index jobs_leased`,
  `drop index jobs_by_state`,
  `drop index jobs_by_owner`,
  `drop index jobs_by_flow_run`,
  `create index jobs_queued on jobs (urgency, priority desc, deadline_at nulls last, id)
    where stage = 1`,
  `create index jobs_ready on jobs
    (site_id, urgency, priority desc, deadline_at nulls last, id) where stage = 3`,
  `create index jobs_placed on jobs (placed_site_id) where placed_site_id is not null`,
  `create index jobs_held on jobs (pilot_id) where stage = 4`,
  `create index jobs_set_aside on jobs (stage, id) where stage in (0, 7, 8)`,
  `create index jobs_by_flow_run on jobs (flow_run_id) where flow_run_id is not null`,
  `create index jobs_by_ensemble on jobs (ensemble_id, ensemble_place)
    where ensemble_id is not null`,
  `create index jobs_by_creator on jobs (created_by_job_id, id)
    where created_by_job_id is not null`,
  // Rows of ended work are dead soon and in numbers: they are cleaned away in small portions.
  `alter table jobs set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_vacuum_threshold = 2000)`,
  // One row for each attempt that began or ended; a lease is in the job's row until then.
  `alter table job_attempts drop constraint job_attempts_job_id_fkey`,
  `alter table job_parents drop constraint job_parents_job_id_fkey`,
];
