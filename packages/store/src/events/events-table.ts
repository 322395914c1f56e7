import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** The columns of `events`, for kysely; written by `appendEvents` only and never changed. */
export interface EventsTable {
  id: Generated<number>;
  /** Transaction that wrote the row, an xid8 as text. */
  xid: ColumnType<string, never, never>;
  at: string;
  kind: string;
  subject_type: string;
  subject_id: string;
  project: string | null;
  flow_run_id: string | null;
  actor: string | null;
  data: JSONColumnType<Record<string, unknown>>;
}
