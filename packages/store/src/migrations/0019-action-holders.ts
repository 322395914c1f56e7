import { sql, type Kysely } from 'kysely';

/** Which hub carries an action out, and at which site's agent it asks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  // The number under which a living hub holds an advisory lock; see `hub-presence.ts`.
  `alter table action_runs add column holder integer, add column site_id text`,
  `create index action_runs_leased on action_runs (holder) where lease is not null`,
  `create index action_runs_by_site on action_runs (due_at)
    where due_at is not null and site_id is not null`,
];
