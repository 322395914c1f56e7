import { sql, type Kysely } from 'kysely';

/** What an action was given and its notes may not repeat. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table action_runs add column private_words jsonb not null default '[]'`.execute(
    db,
  );
}
