import { readFile } from 'node:fs/promises';
import type { Database } from '@interpulse/store/database.ts';

/** Names of the newest migrations of the databases that are kept in `old/`. */
export const oldDatabases = ['0008', '0014'] as const;

/** Instants in a database, as columns and inside documents. */
const instants = /(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d:\d\d(?:\.\d+)?)(\+00|Z)/g;
/** What the hub wrote of its own: events, each with its instant in the third place. */
const eventAt = /^\t\(\d+, '\d+', '(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00'/gm;

/**
 * Puts a database of an older hub in the place of what is there, as if that hub had ended a moment
 * ago: what is under way in it would be overdue otherwise. Instants of before its first event are
 * facts of files, and stay.
 */
export async function loadOldDatabase(
  db: Database,
  newest: (typeof oldDatabases)[number],
): Promise<void> {
  const file = new URL(`old/${newest}.sql`, import.meta.url);
  const text = await readFile(file, 'utf8');
  const events = [...text.matchAll(eventAt)].map(([, day, time]) => Date.parse(`${day}T${time}Z`));
  const passedMs = Date.now() - Math.max(...events);
  const begunMs = Math.min(...events);
  const moved = text.replaceAll(
    instants,
    (instant, day: string, between: string, time: string, zone: string) => {
      const ms = Date.parse(`${day}T${time}Z`);
      if (ms < begunMs) return instant;
      const at = new Date(ms + passedMs).toISOString();
      return at.replace('T', between).replace('Z', zone);
    },
  );
  await db.query(`drop schema public cascade; create schema public; ${moved}`);
}
