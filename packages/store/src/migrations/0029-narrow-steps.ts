import { sql, type Kysely } from 'kysely';

/**
 * Steps and log lines are written only by turns, which hold the row of their flow run: to look for
 * it again for each of them took a quarter of the time of writing them. A state document is written
 * anew by nearly every step: lz4 compresses it in a tenth of the time, where the server has it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const statements = [
  `alter table flow_steps drop constraint flow_steps_flow_run_id_fkey`,
  `alter table flow_log drop constraint flow_log_flow_run_id_fkey`,
  `do $$
   begin
     alter table flow_runs alter column data set compression lz4;
   exception when feature_not_supported then null;
   end $$`,
];
