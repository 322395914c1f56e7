import type { HistoryEvent, SubjectType } from '@interpulse/domain/event/event.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { firstEventCursor, formatEventCursor, parseEventCursor } from './event-cursor.ts';
import { historyEvent } from './history-event.ts';
import type { EventRow } from './history-event.ts';

/** Which events are wanted; all conditions hold together. */
export interface EventFilter {
  subject?: { type: SubjectType; id: string };
  /** Events of these projects only; for readers who may not see the others. */
  projects?: readonly string[];
  flowRunId?: string;
  kinds?: readonly string[];
  /** With `kinds`: also of flow runs that came to a stop and wait for somebody. */
  orInactive?: boolean;
}

/** Where to read from and how much. */
export interface ReadEventsOptions {
  /** Events after this one; from the beginning when not given. */
  after?: string;
  limit: number;
  filter?: EventFilter;
}

/** A piece of the tail. */
export interface EventPage {
  events: HistoryEvent[];
  /** Where to go on; also moves past events that the filter left out. */
  cursor: string;
  /** There were as many as the limit: read again at once. */
  isFull: boolean;
  /**
   * Committed events wait for an older transaction that still runs. Nobody is notified of its end,
   * so read again soon (some 20 ms).
   */
  isHeldBack: boolean;
}

interface PageRow extends EventRow {
  id: number;
  xid: string;
  bound: string;
  newest: string;
  is_held_back: boolean;
}

/**
 * Reads the tail of the history, in an order that never lets a row in behind a reader: by (xid,
 * id), and only of transactions older than every one still running. A transaction that commits
 * late thus comes later, not never. Throws `invalid` for a cursor that is not of this database.
 */
export async function readEvents(
  executor: Executor,
  { after = firstEventCursor, limit, filter = {} }: ReadEventsOptions,
): Promise<EventPage> {
  const position = parseEventCursor(after);
  const values: unknown[] = [position.xid, position.id, limit];
  const text = pageText(conditions(filter, values));
  const rows = await executor.run(statement<PageRow, unknown[]>('read_events', text), ...values);
  const first = rows[0];
  if (first === undefined) throw new Error('the tail of events answered without a row');
  if (BigInt(position.xid) > BigInt(first.newest)) {
    const message = `The cursor ${after} comes from another database. Start without one.`;
    throw new DomainError('invalid', message);
  }
  const events = first.id === null ? [] : rows.map(historyEvent);
  const isFull = events.length >= limit;
  const end = events.at(-1)?.cursor ?? after;
  // Every event older than the bound has been looked at: the next reading starts there.
  const isBoundAhead = BigInt(first.bound) > BigInt(parseEventCursor(end).xid);
  const cursor = !isFull && isBoundAhead ? formatEventCursor({ xid: first.bound, id: '0' }) : end;
  return { events, cursor, isFull, isHeldBack: first.is_held_back };
}

const endText = `select pg_snapshot_xmin(pg_current_snapshot())::text as xid, '0' as id`;
const readEnd = statement<{ xid: string; id: string }>('events_end', endText);

/** The cursor of now: events that are not yet readable come after it. */
export async function currentEventCursor(executor: Executor): Promise<string> {
  const [row] = await executor.run(readEnd);
  if (row === undefined) throw new Error('the end of events answered without a row');
  return formatEventCursor(row);
}

const inactive = `kind = 'flowRun.advanced' and data->>'status' = 'INACTIVE'`;

/** Adds the filter's values to `values` and returns its conditions. */
function conditions(filter: EventFilter, values: unknown[]): string[] {
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const { subject, projects, flowRunId, kinds, orInactive = false } = filter;
  const found: string[] = [];
  if (subject !== undefined) {
    found.push(`subject_type = ${parameter(subject.type)}`);
    found.push(`subject_id = ${parameter(subject.id)}`);
  }
  if (projects?.length === 1) found.push(`project = ${parameter(projects[0])}`);
  else if (projects !== undefined) found.push(`project = any(${parameter(projects)}::text[])`);
  if (flowRunId !== undefined) found.push(`flow_run_id = ${parameter(flowRunId)}`);
  if (kinds !== undefined) {
    const ofKinds = `kind = any(${parameter(kinds)}::text[])`;
    found.push(orInactive ? `(${ofKinds} or ${inactive})` : ofKinds);
  }
  return found;
}

/** All parts see the same snapshot, being one statement. */
function pageText(filters: readonly string[]): string {
  const where = ['(xid, id) > ($1::xid8, $2::bigint)', ...filters].join(' and ');
  return `
    select page.*, tail.*
    from (
      select pg_snapshot_xmin(pg_current_snapshot())::text as bound,
        pg_snapshot_xmax(pg_current_snapshot())::text as newest,
        exists (select from events
          where xid >= pg_snapshot_xmin(pg_current_snapshot())) as is_held_back
    ) as tail
    left join lateral (
      select * from events
      where xid < pg_snapshot_xmin(pg_current_snapshot()) and ${where}
      order by xid, id limit $3
    ) as page on true
    order by page.xid, page.id`;
}
