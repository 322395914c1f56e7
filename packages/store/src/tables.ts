import type { EventsTable } from './events/events-table.ts';

/** The columns of every table, for kysely. Each area adds its own. */
export interface Tables {
  events: EventsTable;
}
