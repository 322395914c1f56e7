import { sql, type Kysely } from 'kysely';

/** Access, sites, apps, jobs, pilots, transfers. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  // Who asks.
  `create table users (
    id text primary key,
    name text not null unique,
    title text not null,
    kind text not null check (kind in ('user', 'serviceAccount')),
    admin boolean not null default false,
    created_at timestamptz not null
  )`,
  `create table projects (
    name text primary key,
    title text not null,
    created_at timestamptz not null
  )`,
  `create table project_members (
    project text not null references projects on delete cascade,
    user_id text not null references users on delete cascade,
    role text not null check (role in ('reader', 'member', 'manager')),
    primary key (project, user_id)
  )`,
  // Secrets are random, so a plain SHA-256 of them is enough to keep.
  `create table tokens (
    id text primary key,
    kind text not null check (kind in ('token', 'session', 'agent')),
    user_id text references users on delete cascade,
    agent_id text,
    label text not null,
    secret_hash bytea not null unique,
    created_at timestamptz not null,
    used_at timestamptz,
    expires_at timestamptz
  )`,
  `create table one_time_codes (
    code_hash bytea primary key,
    purpose text not null check (purpose in ('signIn', 'enrol')),
    user_id text references users on delete cascade,
    site_name text,
    expires_at timestamptz not null
  )`,
  `create table idempotency_keys (
    principal_id text not null,
    key text not null,
    request_hash bytea not null,
    status integer not null,
    answer jsonb not null,
    created_at timestamptz not null,
    primary key (principal_id, key)
  )`,

  // Where work runs and data lie.
  `create table sites (
    id text primary key,
    name text not null unique,
    title text not null,
    agent_id text unique,
    closed boolean not null default false,
    closed_reason text,
    pool jsonb not null,
    roles text[] not null default '{}',
    cores_per_node integer not null default 0,
    max_nodes integer not null default 0,
    batch text,
    scratch_collection text,
    allows_commands boolean not null default false,
    channel jsonb,
    version text,
    host text,
    seen_at timestamptz,
    silent boolean not null default true,
    faults integer not null default 0,
    resting_until timestamptz,
    resting_reason text,
    created_at timestamptz not null
  )`,
  `create table collections (
    name text primary key,
    site_id text not null references sites,
    title text not null,
    writable boolean not null
  )`,
  `create index collections_by_site on collections (site_id)`,
  `create table apps (
    name text primary key,
    spec jsonb not null,
    version integer not null default 1,
    updated_at timestamptz not null
  )`,
  // What was observed, as moving averages: the placer's only source.
  `create table app_runtimes (
    site_id text not null references sites on delete cascade,
    app text not null,
    samples integer not null,
    run_seconds double precision not null,
    primary key (site_id, app)
  )`,
  `create table link_rates (
    source text not null,
    destination text not null,
    samples integer not null,
    bytes_per_second double precision not null,
    primary key (source, destination)
  )`,

  // Work.
  `create table jobs (
    id text primary key,
    label text not null,
    app text,
    command jsonb not null,
    project text not null,
    owner_id text not null,
    flow_run_id text,
    flow_step integer,
    site_wish jsonb not null,
    site_id text,
    pilot_id text,
    attempt integer not null default 0,
    faults integer not null default 0,
    state text not null,
    reason text,
    considered jsonb not null default '[]',
    parameters jsonb not null,
    inputs jsonb not null,
    staged_inputs jsonb not null default '{}',
    output_rules jsonb not null,
    outputs jsonb not null default '[]',
    environment jsonb not null,
    cores integer not null,
    resources jsonb not null,
    urgency smallint not null,
    deadline_at timestamptz,
    tags jsonb not null default '{}',
    exit_code integer,
    usage jsonb,
    created_at timestamptz not null,
    placed_at timestamptz,
    ready_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    state_since_at timestamptz not null
  ) with (fillfactor = 70)`,
  `create index jobs_queued on jobs (urgency, deadline_at nulls last, id)
    where state = 'queued'`,
  `create index jobs_ready on jobs (site_id, urgency, deadline_at nulls last, id)
    where state = 'ready' and pilot_id is null`,
  `create index jobs_open_by_site on jobs (site_id)
    where state in ('placed', 'stagingIn', 'ready', 'active', 'stagingOut')`,
  `create index jobs_leased on jobs (pilot_id) where pilot_id is not null
    and state in ('ready', 'active')`,
  `create index jobs_by_project on jobs (project, id)`,
  `create index jobs_by_owner on jobs (owner_id, id)`,
  `create index jobs_by_state on jobs (state, id)`,
  `create index jobs_by_flow_run on jobs (flow_run_id) where flow_run_id is not null`,
  `create table job_attempts (
    job_id text not null references jobs on delete cascade,
    number integer not null,
    site_name text not null,
    pilot_id text,
    host text,
    pid integer,
    argv jsonb not null default '[]',
    leased_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    outcome text,
    reason text,
    exit_code integer,
    signal text,
    stderr_tail text,
    primary key (job_id, number)
  )`,
  `create table job_previews (
    job_id text primary key references jobs on delete cascade,
    location text not null,
    preview jsonb not null
  )`,
  `create index job_previews_by_location on job_previews (location)`,
  `create table pilots (
    id text primary key,
    site_id text not null references sites,
    state text not null,
    reason text,
    batch_job_id text,
    host text,
    nodes integer not null,
    cores integer not null default 0,
    walltime_seconds integer not null,
    release_wanted boolean not null default false,
    created_at timestamptz not null,
    started_at timestamptz,
    idle_since_at timestamptz,
    ended_at timestamptz
  )`,
  `create index pilots_alive on pilots (site_id)
    where state in ('wanted', 'submitted', 'running')`,
  `create table transfers (
    id text primary key,
    label text not null,
    project text not null,
    owner_id text not null,
    job_id text,
    flow_run_id text,
    flow_step integer,
    source text not null,
    destination text not null,
    items jsonb not null,
    state text not null,
    reason text,
    attempt integer not null default 0,
    secret text not null,
    not_before_at timestamptz,
    bytes_done bigint not null default 0,
    bytes_total bigint,
    files_done integer not null default 0,
    files jsonb not null default '[]',
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz
  )`,
  `create index transfers_open on transfers (state, id) where state in ('queued', 'active')`,
  `create index transfers_by_job on transfers (job_id) where job_id is not null`,
  `create index transfers_by_flow_run on transfers (flow_run_id) where flow_run_id is not null`,
  `create index transfers_by_project on transfers (project, id)`,
];
