import { sql, type Kysely } from 'kysely';

/** By what flow runs are found that were late, or that are due. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  // Those that ended late, and those that may still.
  `create index flow_runs_late on flow_runs (id)
    where coalesce(ended_at, 'infinity'::timestamptz) > deadline_at`,
  `create index flow_runs_due on flow_runs (deadline_at, id)
    where deadline_at is not null and ended_at is null`,
];
