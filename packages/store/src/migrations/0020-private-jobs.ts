import { sql, type Kysely } from 'kysely';

/** Where values lie, in what a job of a flow was asked with, that its readers may not see. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table jobs add column private_paths jsonb`.execute(db);
}
