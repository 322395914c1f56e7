import type { HistoryEvent, SubjectType } from '@interpulse/domain/event/event.ts';
import type { Executor } from '../executor.ts';
import { parseEventCursor } from './event-cursor.ts';
import { historyEvent, type EventRow } from './history-event.ts';

/** Which events; all conditions hold together. */
export interface EventListFilter {
  /** Events of these projects and of none; null for all. */
  projects: readonly string[] | null;
  /** Flow runs of other projects of which the reader sees the events too. */
  sharedFlowRuns?: readonly string[] | undefined;
  subjectType?: SubjectType | undefined;
  subjectId?: string | undefined;
  flowRunId?: string | undefined;
  after?: string | undefined;
  limit: number;
}

/** The history of something, oldest first; shows what is committed at once. */
export async function listEvents(db: Executor, filter: EventListFilter): Promise<HistoryEvent[]> {
  const after = filter.after === undefined ? '0' : parseEventCursor(filter.after).id;
  const rows = await db.query<EventRow>(
    `select *, xid::text as xid from events
     where id > $1 and ($2::text[] is null or project is null or project = any($2)
         or (subject_type = 'flowRun' and subject_id = any($7::text[])))
       and ($3::text is null or subject_type = $3) and ($4::text is null or subject_id = $4)
       and ($5::text is null or flow_run_id = $5)
     order by id limit $6`,
    [
      after,
      filter.projects,
      filter.subjectType ?? null,
      filter.subjectId ?? null,
      filter.flowRunId ?? null,
      filter.limit,
      filter.sharedFlowRuns ?? [],
    ],
  );
  return rows.map(historyEvent);
}
