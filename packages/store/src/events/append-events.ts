import type { HistoryEvent } from '@interpulse/domain/event/event.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** A fact to be written; the database gives it its cursor. */
export type NewEvent = Omit<HistoryEvent, 'cursor'>;

/** The topic that is touched by every event. Callers of `appendEvents` notify it themselves. */
export const eventsTopic = 'events';

/** The columns that an insert of events fills, for statements that select the events' values. */
export const eventColumns = 'at, kind, subject_type, subject_id, project, flow_run_id, actor, data';

/**
 * SQL that inserts the events of one jsonb parameter, such as `$3`; made for a CTE, so that a hot
 * path changes a row and writes its history in one statement:
 * `with changed as (update … returning id), history as (${insertEventsSql('$3')}) select …`.
 * The parameter's value is {@link eventsParameter}. `condition` may name a CTE before it:
 * `exists (select from changed)`; the event's own columns are `e.subject_id` and so on.
 */
export function insertEventsSql(parameter: string, condition = 'true'): string {
  return `insert into events (${eventColumns})
    select e.at, e.kind, e.subject_type, e.subject_id, e.project, e.flow_run_id, e.actor, e.data
    from rows from (jsonb_to_recordset(${parameter}::jsonb) as (at timestamptz, kind text,
      subject_type text, subject_id text, project text, flow_run_id text, actor text, data jsonb))
      with ordinality as e(at, kind, subject_type, subject_id, project, flow_run_id, actor, data, n)
    where ${condition} order by e.n`;
}

/** The parameter for {@link insertEventsSql}. Throws `invalid` for texts that cannot be stored. */
export function eventsParameter(events: readonly NewEvent[]): string {
  return jsonb(
    events.map((event) => ({
      at: event.at,
      kind: event.kind,
      subject_type: event.subjectType,
      subject_id: event.subjectId,
      project: event.project,
      flow_run_id: event.flowRunId,
      actor: event.actor,
      data: event.data,
    })),
  );
}

const insertEvents = statement<never, [string]>('append_events', insertEventsSql('$1'));

/** Writes events in their order; in the transaction that makes the facts true. */
export async function appendEvents(executor: Executor, events: readonly NewEvent[]): Promise<void> {
  if (events.length > 0) await executor.run(insertEvents, eventsParameter(events));
}
