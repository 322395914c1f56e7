import type { HistoryEvent, SubjectType } from '@interpulse/domain/event/event.ts';
import { formatEventCursor } from './event-cursor.ts';

/** A row of `events` as it is read. */
export interface EventRow {
  id: number;
  xid: string;
  at: string;
  kind: string;
  subject_type: string;
  subject_id: string;
  project: string | null;
  flow_run_id: string | null;
  actor: string | null;
  data: Record<string, unknown>;
}

/** The event that a row holds; only `appendEvents` writes rows, so they are trusted. */
export function historyEvent(row: EventRow): HistoryEvent {
  return {
    cursor: formatEventCursor({ xid: row.xid, id: String(row.id) }),
    at: row.at,
    kind: row.kind,
    subjectType: row.subject_type as SubjectType,
    subjectId: row.subject_id,
    project: row.project,
    flowRunId: row.flow_run_id,
    actor: row.actor,
    data: row.data as HistoryEvent['data'],
  };
}
