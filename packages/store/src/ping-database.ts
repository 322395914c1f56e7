import type { Executor } from './executor.ts';

/** Asks the database for nothing. Throws `unavailable` when it does not answer. */
export async function pingDatabase(db: Executor): Promise<void> {
  await db.query('select 1');
}
