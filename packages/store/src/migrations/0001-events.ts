import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * The history of everything. `xid` is the transaction that wrote the row: ids are given out before
 * commit, so a reader of the tail goes by (xid, id) and stops at the oldest running transaction.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    create table events (
      id bigint generated always as identity primary key,
      xid xid8 not null default pg_current_xact_id(),
      at timestamptz not null,
      kind text not null,
      subject_type text not null,
      subject_id text not null,
      project text,
      flow_run_id text,
      actor text,
      data jsonb not null default '{}'
    )`.execute(database);
  await sql`create index events_tail on events (xid, id)`.execute(database);
  await sql`
    create index events_subject on events (subject_type, subject_id, id)`.execute(database);
  await sql`
    create index events_project on events (project, xid, id)
    where project is not null`.execute(database);
  await sql`
    create index events_flow_run on events (flow_run_id, id)
    where flow_run_id is not null`.execute(database);
  await sql`create index events_at on events using brin (at)`.execute(database);
}
