import { sql, type Kysely } from 'kysely';

/**
 * Triggers of every kind: what they listen to and by what they are found, their rules, schedules,
 * webhooks; and `trigger_firings` with what became of each event, one row for each key.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  `alter table triggers
    add column source jsonb,
    -- Kind and subject of the source: an event looks only at the triggers of its own.
    add column subject text,
    add column label text,
    add column when_true text,
    add column dedup_key text,
    add column rate_limit jsonb,
    add column tags jsonb not null default '{}',
    add column pause jsonb,
    -- Failures before it do not count as ones in a row.
    add column enabled_at timestamptz,
    add column next_due_at timestamptz,
    add column queued_events integer not null default 0,
    -- When the first of the queued events has room.
    add column next_start_at timestamptz,
    add column webhook_secret text,
    add column old_secret text,
    add column old_secret_until timestamptz`,
  `update triggers set subject = 'file ' || instrument, enabled_at = created_at,
    source = jsonb_build_object('kind', 'file', 'instrument', instrument, 'pattern', pattern),
    pause = case when enabled then null else
      jsonb_build_object('reason', 'it was saved switched off', 'by', null, 'at',
        to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end`,
  `alter table triggers alter column source set not null, alter column subject set not null,
    alter column enabled_at set not null,
    drop column instrument, drop column pattern, drop column enabled`,
  `create index triggers_by_subject on triggers (subject)`,
  `create index triggers_due on triggers (next_due_at) where next_due_at is not null`,
  `create index triggers_to_start on triggers (next_start_at) where next_start_at is not null`,
  `alter table trigger_firings rename column dataset_id to key`,
  `alter table trigger_firings rename column fired_at to at`,
  `alter table trigger_firings
    alter column flow_run_id drop not null,
    add column outcome text not null default 'fired',
    add column summary text not null default '',
    add column reason text,
    add column repeats integer not null default 0,
    -- When its flow run was started, which is later than the event where it was queued.
    add column started_at timestamptz,
    -- The event itself, while it is queued, and of webhooks.
    add column document jsonb,
    -- How many triggers lead up to its flow run, one after the other.
    add column depth smallint not null default 1,
    add column sequence bigint generated always as identity`,
  `alter table trigger_firings
    alter column outcome drop default, alter column summary drop default`,
  `update trigger_firings set started_at = at`,
  `create index trigger_firings_by_time on trigger_firings (trigger_name, at)`,
  `create index trigger_firings_by_start on trigger_firings (trigger_name, started_at)
    where started_at is not null`,
  `create index trigger_firings_queued on trigger_firings (trigger_name, sequence)
    where outcome = 'queued'`,
  `create index trigger_firings_by_flow_run on trigger_firings (flow_run_id)
    where flow_run_id is not null`,
  `create index shots_by_time on shots (instrument, taken_at)`,
];
