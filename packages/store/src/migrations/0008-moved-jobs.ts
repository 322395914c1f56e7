import { sql, type Kysely } from 'kysely';

/** How often a job was recalled to go to another site: each time it stays longer where it is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table jobs add column moves smallint not null default 0`).execute(db);
}
