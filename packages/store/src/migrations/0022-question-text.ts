import { sql, type Kysely } from 'kysely';

/** Questions and answers as they were written: forms and rows are in their author's order. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `alter table web_inputs alter column question type json using question::json,
         alter column response drop default,
         alter column response type json using response::json,
         alter column response set default 'null'`,
    )
    .execute(db);
}
