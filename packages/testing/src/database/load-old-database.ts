import { readFile } from 'node:fs/promises';
import type { Database } from '@interpulse/store/database.ts';

/** Names of the newest migrations of the databases that are kept in `old/`. */
export const oldDatabases = ['0008', '0014'] as const;

/** Puts a database of an older hub in the place of what is there. */
export async function loadOldDatabase(
  db: Database,
  newest: (typeof oldDatabases)[number],
): Promise<void> {
  const file = new URL(`old/${newest}.sql`, import.meta.url);
  const text = await readFile(file, 'utf8');
  await db.query(`drop schema public cascade; create schema public; ${text}`);
}
