import type { Executor } from '@interpulse/store/executor.ts';

/** Whether a transaction on this server waits for what another one has locked. */
export async function isAnyoneWaiting(db: Executor): Promise<boolean> {
  return (await db.query('select from pg_locks where not granted limit 1')).length > 0;
}
