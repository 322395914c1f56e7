import { sql, type Kysely } from 'kysely';

/**
 * The run table: a row of `shots` is a run, scan or shot; here its end, what was set for it and
 * what was found. `run_events` makes what a control system says twice count once.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  `alter table instruments add column project text not null default 'facility'`,
  `alter table shots
     add column ended_at timestamptz,
     -- By name: {value, at}.
     add column parameters jsonb not null default '{}',
     -- A list in the order in which the keys came; see domain/instrument/run-result.ts.
     add column results jsonb not null default '[]'`,
  `create table run_events (
    instrument text not null references instruments on delete cascade,
    run bigint not null,
    kind text not null,
    event_id text not null,
    at timestamptz not null,
    received_at timestamptz not null,
    parameters jsonb not null,
    next_shot_at timestamptz,
    primary key (instrument, run, kind, event_id)
  )`,
  `create index run_events_by_time on run_events (instrument, received_at)`,
  `create index flow_runs_of_runs on flow_runs (instrument, shot_number)
    where shot_number is not null`,
];
