import type { HistoryEvent, SubjectType } from '@interpulse/domain/event/event.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { parseEventCursor } from './event-cursor.ts';
import { historyEvent } from './history-event.ts';
import type { EventRow } from './history-event.ts';

/** Which subject's history, and which part of it. */
export interface ReadHistoryOptions {
  subject: { type: SubjectType; id: string };
  limit: number;
  /** Only what is older than this event: the cursor of the last one of the page before. */
  before?: string;
}

const readNewest = statement<EventRow, [string, string, string | null, number]>(
  'read_history',
  `select * from events
   where subject_type = $1 and subject_id = $2 and id < coalesce($3::bigint, 9223372036854775807)
   order by id desc limit $4`,
);

/** What happened to one subject, the newest first; shows what is committed at once. */
export async function readHistory(
  executor: Executor,
  { subject, limit, before }: ReadHistoryOptions,
): Promise<HistoryEvent[]> {
  const beforeId = before === undefined ? null : parseEventCursor(before).id;
  const rows = await executor.run(readNewest, subject.type, subject.id, beforeId, limit);
  return rows.map(historyEvent);
}
