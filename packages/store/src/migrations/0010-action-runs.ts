import { sql, type Kysely } from 'kysely';

/**
 * Actions that the hub carries out itself after the commit: of its own, and at providers elsewhere.
 * `request` and `memory` hold private values in clear; both are emptied when the action is over.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  `create table action_runs (
    id text primary key,
    flow_run_id text not null references flow_runs on delete cascade,
    step integer not null,
    action text not null,
    address text not null,
    state_name text not null,
    status text not null default 'active',
    request jsonb not null,
    memory jsonb not null default 'null',
    callback_key text not null,
    called_back_ms bigint,
    attempt integer not null default 0,
    faults integer not null default 0,
    note text,
    last_error text,
    created_at timestamptz not null,
    deadline_at timestamptz not null,
    due_at timestamptz,
    nudged boolean not null default false,
    lease text,
    leased_until timestamptz,
    ended_at timestamptz,
    unique (flow_run_id, step)
  )`,
  `create index action_runs_due on action_runs ((coalesce(leased_until, due_at)))
    where due_at is not null`,
  // Flow runs that others started here by the action-provider contract; the id is the flow run's.
  `create table provided_actions (
    id text primary key references flow_runs on delete cascade,
    provider text not null,
    creator_id text not null,
    request_id text not null,
    request_hash bytea not null,
    label text,
    monitor_by text[],
    manage_by text[],
    release_after text not null,
    release_seconds double precision not null,
    released_at timestamptz,
    callback_url text,
    callback_key text,
    callback_attempts integer not null default 0,
    callback_due_at timestamptz,
    created_at timestamptz not null,
    unique (creator_id, provider, request_id)
  )`,
  `create index provided_actions_callback on provided_actions (callback_due_at)
    where callback_due_at is not null`,
];
