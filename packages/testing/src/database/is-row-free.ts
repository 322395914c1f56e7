import type { Executor } from '@interpulse/store/executor.ts';

/** Whether no other transaction has locked a row; a transaction that asks has it from then on. */
export async function isRowFree(
  db: Executor,
  table: 'jobs' | 'transfers',
  id: string,
): Promise<boolean> {
  const text = `select id from ${table} where id = $1 for update skip locked`;
  return (await db.query(text, [id])).length > 0;
}
