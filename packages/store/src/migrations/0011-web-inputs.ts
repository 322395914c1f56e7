import { sql, type Kysely } from 'kysely';

/** Questions that flow runs ask people. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  `create table web_inputs (
    id text primary key,
    flow_run_id text not null references flow_runs on delete cascade,
    -- The step that asked.
    step integer not null,
    state_name text not null,
    project text not null,
    question jsonb not null,
    -- Who may answer, by name.
    users text[] not null,
    projects text[] not null,
    respondents_private boolean not null,
    status text not null default 'open',
    -- Steps that wait for the answer.
    waiting_steps integer[] not null default '{}',
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_by text,
    response jsonb not null default 'null',
    comment text not null default '',
    unique (flow_run_id, step)
  )`,
  `create index web_inputs_to_expire on web_inputs (expires_at) where status = 'open'`,
  `create index web_inputs_open on web_inputs (id) where status = 'open'`,
  `create index web_inputs_by_project on web_inputs (project, id)`,
];
