import { sql, type Kysely } from 'kysely';

/** Pools, ensembles, parents, retries, job tokens, limits, maintenance, usage of sites. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  // What an agent says of its compute role, whole, and what the hub's administrators tuned.
  `alter table sites
    add column labels text[] not null default '{}',
    add column apps jsonb not null default '{"allow":"templates","digests":[]}',
    add column launcher text,
    add column pool_offers jsonb not null default '[]',
    add column pool_settings jsonb not null default '{}'`,
  `update sites set pool_settings = jsonb_build_object('default', pool)`,
  `alter table sites drop column pool`,
  // What was observed and decided of a pool.
  `create table pools (
    site_id text not null references sites on delete cascade,
    name text not null,
    reason text,
    queue_waits integer not null default 0,
    queue_wait_seconds double precision,
    primary key (site_id, name)
  )`,
  `create table maintenance (
    id text primary key,
    site_id text not null references sites on delete cascade,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    reason text not null
  )`,
  `create index maintenance_by_site on maintenance (site_id, ends_at)`,
  // Empty text stands for "any": null would not be unique.
  `create table placement_limits (
    project text not null,
    site text not null,
    app text not null,
    max_jobs integer,
    max_cores integer,
    primary key (project, site, app)
  )`,
  `create table site_samples (
    site_id text not null references sites on delete cascade,
    at timestamptz not null,
    cores_busy integer not null,
    cores_total integer not null,
    jobs_ready integer not null,
    jobs_active integer not null,
    pilots integer not null,
    primary key (site_id, at)
  )`,
  `create table app_outputs (
    app text primary key,
    samples integer not null,
    output_bytes double precision not null
  )`,
  // What of the pool a pilot has kept since it was wanted, and the smallest of its nodes.
  `alter table pilots
    add column pool text not null default 'default',
    add column urgencies smallint[] not null default '{0,1,2}',
    add column account text,
    add column node_list jsonb not null default '[]',
    add column node_cores integer not null default 0,
    add column node_gpus integer not null default 0,
    add column node_memory_bytes bigint not null default 0,
    add column preemptions integer not null default 0,
    add column submitted_at timestamptz,
    add column expected_at timestamptz,
    add column ends_at timestamptz`,
  `create table ensembles (
    id text primary key,
    label text not null,
    project text not null,
    owner_id text not null,
    tags jsonb not null default '{}',
    total integer not null,
    created_at timestamptz not null
  )`,
  `create index ensembles_by_project on ensembles (project, id)`,
  `create index ensembles_by_owner on ensembles (owner_id, id)`,
  `create table job_parents (
    job_id text not null references jobs on delete cascade,
    parent_id text not null,
    primary key (job_id, parent_id)
  )`,
  `create index job_parents_by_parent on job_parents (parent_id)`,
  `alter table tokens
    drop constraint tokens_kind_check,
    add constraint tokens_kind_check check (kind in ('token', 'session', 'agent', 'job')),
    add column job_id text,
    add column project text`,
  `create index tokens_by_job on tokens (job_id) where job_id is not null`,
  `alter table job_attempts
    add column hosts jsonb not null default '[]',
    add column unix_user text,
    add column app_digest text,
    add column versions jsonb not null default '{}',
    add column usage jsonb`,
];
