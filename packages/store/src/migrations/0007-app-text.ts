import { sql, type Kysely } from 'kysely';

/** Apps as they were written: forms show the parameters in their author's order. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table apps alter column spec type json using spec::json`).execute(db);
}
