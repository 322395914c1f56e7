import { sql, type Kysely } from 'kysely';

/** Roles on flows and flow runs, service accounts, bulk starts, and what lists are asked for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  // The project whose managers keep a service account; null for one of the whole hub.
  `alter table users add column project text references projects on delete set null`,
  `create index users_by_project on users (project) where project is not null`,
  `alter table flows
    add column archived_at timestamptz,
    add column administrators text[] not null default '{}',
    add column starters text[] not null default '{}',
    add column viewers text[] not null default '{}',
    add column run_managers text[] not null default '{}',
    add column run_monitors text[] not null default '{}',
    add column service_account text,
    add column roles jsonb not null default '{}'`,
  // Null where there is nobody, so that the indexes hold only what was shared.
  `alter table flows
    add column readers text[] generated always as
      (nullif(administrators || starters || viewers, '{}')) stored,
    add column run_readers text[] generated always as
      (nullif(run_managers || run_monitors, '{}')) stored`,
  `create index flows_by_readers on flows using gin (readers) where readers is not null`,
  `create index flows_by_run_readers on flows using gin (run_readers)
    where run_readers is not null`,
  `alter table flow_runs
    add column managers text[] not null default '{}',
    add column monitors text[] not null default '{}',
    add column trigger_name text,
    add column batch_id text,
    add column rerun_of text,
    add column rerun_step integer,
    add column start_state text,
    add column start_document jsonb`,
  `alter table flow_runs
    add column readers text[] generated always as (nullif(managers || monitors, '{}')) stored`,
  `create index flow_runs_by_readers on flow_runs using gin (readers) where readers is not null`,
  `create index flow_runs_by_tags on flow_runs using gin (tags jsonb_path_ops)
    where tags <> '{}'`,
  `create index flow_runs_by_flow on flow_runs (flow_name, id)`,
  `create index flow_runs_by_batch on flow_runs (batch_id, id) where batch_id is not null`,
  `create index flow_runs_by_trigger on flow_runs (trigger_name, id)
    where trigger_name is not null`,
  `create index flow_runs_by_rerun on flow_runs (rerun_of) where rerun_of is not null`,
  `create index flow_runs_by_start on flow_runs (started_at, id)`,
  `create index flow_runs_by_end on flow_runs (ended_at, id) where ended_at is not null`,
  `create index flow_runs_by_deadline on flow_runs (deadline_at, id)
    where deadline_at is not null`,
  // For whom an action is carried out, as its state's RunAs says; null: who started the flow run.
  `alter table action_runs add column owner_id text, add column project text`,
  `create table flow_batches (
    id text primary key,
    flow_name text not null,
    project text not null,
    owner_id text not null,
    label text not null,
    -- How each of its flow runs is started, beside its item.
    request jsonb not null,
    total integer not null,
    created_at timestamptz not null,
    canceled_at timestamptz
  )`,
  `create index flow_batches_by_project on flow_batches (project, id)`,
  `create table flow_batch_items (
    batch_id text not null references flow_batches on delete cascade,
    position integer not null,
    input jsonb,
    dataset_id text,
    rerun_of text,
    flow_run_id text,
    fault text,
    primary key (batch_id, position)
  )`,
  `create index flow_batch_items_to_start on flow_batch_items (batch_id, position)
    where flow_run_id is null and fault is null`,
];
