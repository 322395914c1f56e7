import { sql, type Kysely } from 'kysely';

/** Finds the files of a run, for triggers that wait for all of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index datasets_by_shot on datasets (instrument, shot_number)
    where shot_number is not null and kind = 'raw'`.execute(db);
}
