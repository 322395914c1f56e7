import { sql, type Kysely } from 'kysely';

/** Flows as they were written: forms and lists are in their author's order. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `alter table flow_versions alter column definition type json using definition::json,
         alter column input_schema type json using input_schema::json`,
    )
    .execute(db);
}
