import type { Migration } from 'kysely/migration';
import * as events from './0001-events.ts';

/**
 * All migrations by name, applied in the order of their names. A released one is never changed;
 * a new one gets the next number.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-events': events,
};
