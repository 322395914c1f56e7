import { unwrap } from '@interpulse/api/client/create-client.ts';
import { subjectTypes, type HistoryEvent } from '@interpulse/domain/event/event.ts';
import { followEvents } from '../connection/follow-events.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime } from '../output/quantities.ts';
import { defined, oneOf } from '../read-input.ts';

/** What `events` is told. */
export interface EventsOptions extends Paging {
  follow?: boolean | undefined;
  after?: string | undefined;
  subjectType?: string | undefined;
  subjectId?: string | undefined;
  flowRun?: string | undefined;
}

/** `events`: what happened, or with `follow` what happens. */
export async function printEvents(context: Context, options: EventsOptions): Promise<void> {
  const subjectType = oneOf('--subject-type', subjectTypes, options.subjectType);
  const { subjectId, flowRun } = options;
  if (options.follow !== true) {
    const wanted = defined({ subjectType, subjectId, flowRun });
    await printList(
      context,
      options,
      (page) =>
        unwrap(context.client.GET('/api/v1/events', { params: { query: { ...page, ...wanted } } })),
      (events) => ({
        columns: ['at', 'event', 'about', 'by'],
        rows: events.map((event) => [
          localTime(event.at, context.nowAt),
          event.kind,
          event.subjectId,
          event.actor,
        ]),
        empty: 'no events',
      }),
    );
    return;
  }
  await followEvents(context.connection, {
    signal: new AbortController().signal,
    subjectType,
    after: options.after,
    onOpen: () => undefined,
    onEvent: (event) => {
      if (subjectId !== undefined && event.subjectId !== subjectId) return;
      if (flowRun !== undefined && event.flowRunId !== flowRun) return;
      context.out.item(event, () => eventLine(event, new Date().toISOString()));
    },
  });
}

function eventLine(event: HistoryEvent, nowAt: string): string {
  const { at, kind, subjectId, data } = event;
  return `${localTime(at, nowAt)}  ${kind.padEnd(22)}  ${subjectId}  ${JSON.stringify(data)}`;
}
