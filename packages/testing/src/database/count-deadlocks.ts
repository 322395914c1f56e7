import type { Executor } from '@interpulse/store/executor.ts';

/** How many transactions of a database were ended since they waited for each other. */
export async function countDeadlocks(db: Executor): Promise<number> {
  // The statistics come a moment after the transactions that they are about; not on all versions
  // can one ask for them at once.
  const [row] = await db.query<{ count: number }>(
    `select deadlocks::integer as count from pg_stat_database where datname = current_database()`,
  );
  return row?.count ?? -1;
}
