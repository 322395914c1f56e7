import { sql, type Kysely } from 'kysely';

/** Who is told of flow runs and triggers, what was told, and what is still to be sent. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  // What a person wants to hear, and where; null for who has said nothing.
  `alter table users add column notices jsonb`,
  `alter table flows add column notify jsonb not null default '[]'`,
  `alter table triggers add column notify jsonb not null default '[]'`,
  // Up to where the history was read for notices; null: begin with what happens from now on.
  `create table notice_cursor (
    single boolean primary key default true check (single),
    cursor text,
    -- Deadlines up to here were looked at.
    late_until timestamptz
  )`,
  `insert into notice_cursor default values`,
  // Where something is told; one message at a time goes to a place.
  `create table notice_places (
    place text primary key,
    -- When the next message is to be sent; null when there is none.
    due_at timestamptz,
    -- The message under way: sent again under the same id, with the same notices.
    message_id text,
    lease text,
    leased_until timestamptz,
    faults integer not null default 0,
    failing_since timestamptz,
    last_error text,
    -- The newest messages, the newest last.
    sent_at timestamptz[] not null default '{}'
  )`,
  `create index notice_places_due on notice_places (due_at) where due_at is not null`,
  `create table notices (
    sequence bigint generated always as identity primary key,
    place text not null,
    subject text not null,
    -- What of the subject is told once to a place.
    about text not null,
    notice jsonb not null,
    at timestamptz not null,
    message_id text,
    sent_at timestamptz,
    unique (place, subject, about)
  )`,
  `create index notices_to_send on notices (place, sequence) where sent_at is null`,
  `create index notices_by_time on notices (at)`,
];
