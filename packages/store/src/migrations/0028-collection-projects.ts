import { sql, type Kysely } from 'kysely';

/** Whose a collection is; null for everybody's. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table collections add column project text`.execute(db);
}
