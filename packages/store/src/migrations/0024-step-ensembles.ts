import { sql, type Kysely } from 'kysely';

/** The ensemble whose end a step of a flow run waits for, where it is several jobs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table flow_steps add column ensemble_id text`.execute(db);
}
