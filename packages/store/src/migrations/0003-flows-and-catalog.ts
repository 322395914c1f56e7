import { sql, type Kysely } from 'kysely';

/** Flows, flow runs, triggers, instruments, shots, datasets. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  `create table flows (
    name text primary key,
    id text not null unique,
    project text not null,
    owner_id text not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  // A flow run keeps the version with which it started.
  `create table flow_versions (
    flow_name text not null references flows on delete cascade,
    version integer not null,
    title text not null,
    description text not null,
    definition jsonb not null,
    input_schema jsonb not null,
    created_at timestamptz not null,
    primary key (flow_name, version)
  )`,
  `create table flow_runs (
    id text primary key,
    flow_name text not null,
    flow_version integer not null,
    label text not null,
    project text not null,
    owner_id text not null,
    status text not null,
    reason text,
    state_name text,
    urgency smallint not null,
    deadline_at timestamptz,
    instrument text,
    shot_number bigint,
    dataset_id text,
    result_dataset_id text,
    tags jsonb not null default '{}',
    input jsonb not null,
    run jsonb not null,
    revision integer not null default 0,
    wake_at timestamptz,
    steps_done integer not null default 0,
    steps_total integer not null default 0,
    started_at timestamptz not null,
    ended_at timestamptz
  ) with (fillfactor = 70)`,
  `create index flow_runs_by_status on flow_runs (status, id)`,
  `create index flow_runs_by_project on flow_runs (project, id)`,
  `create index flow_runs_by_owner on flow_runs (owner_id, id)`,
  `create index flow_runs_by_instrument on flow_runs (instrument, id) where instrument is not null`,
  `create index flow_runs_to_wake on flow_runs (wake_at)
    where wake_at is not null and status = 'ACTIVE'`,
  `create table flow_steps (
    flow_run_id text not null references flow_runs on delete cascade,
    sequence integer not null,
    state_name text not null,
    state_type text not null,
    status text not null,
    provider text,
    job_id text,
    transfer_id text,
    input jsonb not null,
    result jsonb not null default 'null',
    reason text,
    started_at timestamptz not null,
    ended_at timestamptz,
    primary key (flow_run_id, sequence)
  )`,
  `create table flow_log (
    flow_run_id text not null references flow_runs on delete cascade,
    sequence integer not null,
    at timestamptz not null,
    code text not null,
    description text not null,
    details jsonb not null,
    primary key (flow_run_id, sequence)
  )`,
  `create table instruments (
    name text primary key,
    id text not null unique,
    title text not null,
    site_id text not null references sites,
    collection text not null,
    return_to text not null,
    period_seconds double precision,
    last_shot_number bigint,
    last_shot_at timestamptz,
    next_shot_at timestamptz
  )`,
  `create table shots (
    instrument text not null references instruments on delete cascade,
    number bigint not null,
    taken_at timestamptz not null,
    closed_at timestamptz,
    deadline_at timestamptz,
    dataset_id text,
    flow_run_id text,
    result_dataset_id text,
    answered_at timestamptz,
    primary key (instrument, number)
  )`,
  `create table triggers (
    name text primary key,
    id text not null unique,
    enabled boolean not null,
    instrument text not null,
    pattern text not null,
    flow_name text not null,
    input jsonb not null,
    deadline jsonb not null,
    urgency smallint not null,
    project text not null,
    owner_id text not null,
    created_at timestamptz not null
  )`,
  `create index triggers_by_instrument on triggers (instrument) where enabled`,
  // Exactly one flow run for a file and a trigger, however often the file is told of.
  `create table trigger_firings (
    trigger_name text not null,
    dataset_id text not null,
    flow_run_id text not null,
    fired_at timestamptz not null,
    primary key (trigger_name, dataset_id)
  )`,
  `create table datasets (
    id text primary key,
    title text not null,
    kind text not null check (kind in ('raw', 'result')),
    project text not null,
    owner_id text not null,
    instrument text,
    shot_number bigint,
    flow_run_id text,
    job_id text,
    metadata jsonb not null,
    keywords text[] not null default '{}',
    file_count integer not null,
    size_bytes bigint not null,
    preview jsonb,
    -- Makes registering idempotent: the same source registers once.
    source_key text unique,
    created_at timestamptz not null,
    search tsvector not null
  )`,
  `create index datasets_by_project on datasets (project, id)`,
  `create index datasets_by_flow_run on datasets (flow_run_id) where flow_run_id is not null`,
  `create index datasets_by_instrument on datasets (instrument, id) where instrument is not null`,
  `create index datasets_search on datasets using gin (search)`,
  `create table dataset_files (
    dataset_id text not null references datasets on delete cascade,
    position integer not null,
    location text not null,
    size_bytes bigint,
    modified_at timestamptz,
    xxh3 text,
    primary key (dataset_id, position)
  )`,
  `create index dataset_files_by_location on dataset_files (location)`,
  `create table dataset_sources (
    dataset_id text not null references datasets on delete cascade,
    source_id text not null references datasets on delete cascade,
    primary key (dataset_id, source_id)
  )`,
  `create index dataset_sources_by_source on dataset_sources (source_id)`,
];
