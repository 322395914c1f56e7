import { once } from 'node:events';
import type { HistoryEvent } from '@interpulse/domain/event/event.ts';
import { authorize } from '@interpulse/domain/access/authorize.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { currentEventCursor, readEvents } from '@interpulse/store/events/read-events.ts';
import { createBell } from './bell.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { seenFlowRuns } from '@interpulse/store/flow-runs/list-flow-runs.ts';
import { webInputsFor } from '@interpulse/store/web-inputs/read-web-inputs.ts';
import type { Hub } from '../hub.ts';
import { questionReader, visibleTo, type Call } from './handler.ts';

const eventsPerRead = 500;
/** A reader that hears nothing for longer knows that the line is dead. */
const pingMilliseconds = 10_000;
/** One event goes out at once; those that follow it within so long go out together. */
const gatherMilliseconds = 10;
/** Committed events that wait for an older transaction are looked for again this soon. */
const heldBackMilliseconds = 20;

/**
 * Sends what happens as server-sent events, from a cursor on: `Last-Event-ID`, else `after`, else
 * now. Who subscribes sees what it may see; a slow reader is waited for and then reads on.
 */
export async function streamEvents(
  { hub, who, request, reply }: Call,
  query: { after?: string | undefined; subjectType?: string | undefined },
): Promise<void> {
  const resume = request.headers['last-event-id'] ?? query.after;
  let cursor = typeof resume === 'string' ? resume : await currentEventCursor(hub.db);
  // A cursor that cannot be read is refused before the stream begins.
  await readEvents(hub.db, { after: cursor, limit: 1 });
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  raw.write(`retry: 1000\n: from ${cursor}\n\n`);
  const bell = createBell();
  const unsubscribe = [
    hub.db.topics.on([eventsTopic], bell.ring),
    hub.db.topics.onReconnected(bell.ring),
  ];
  const sayNow = (): boolean =>
    raw.write(`event: ping\ndata: ${JSON.stringify({ now: hub.now() })}\n\n`);
  const pings = setInterval(sayNow, pingMilliseconds);
  raw.on('close', bell.end);
  const isWanted = (event: HistoryEvent): boolean =>
    query.subjectType === undefined || query.subjectType === event.subjectType;
  try {
    while (!bell.ended) {
      const readMs = performance.now();
      const page = await readEvents(hub.db, { after: cursor, limit: eventsPerRead });
      cursor = page.cursor;
      const seen = await readable(hub, who, page.events.filter(isWanted));
      const text = seen.map(formatEvent).join('');
      if (text !== '' && !raw.write(text)) await Promise.race([once(raw, 'drain'), bell.closed]);
      if (page.isFull) continue;
      await bell.next(page.isHeldBack ? heldBackMilliseconds : null);
      // What happens in a burst is read at once, and the work that makes it is not slowed down.
      const restMs = readMs + gatherMilliseconds - performance.now();
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
  } catch (error) {
    hub.log.warn({ err: error }, 'a stream of events ended; its reader will resume');
  } finally {
    clearInterval(pings);
    for (const end of unsubscribe) end();
    raw.end();
  }
}

/**
 * What of it someone may read: of its projects, of flow runs that were shared with it, and of
 * questions that it may answer.
 */
async function readable(hub: Hub, who: Principal, events: HistoryEvent[]): Promise<HistoryEvent[]> {
  const isOfProjects = (event: HistoryEvent): boolean =>
    authorize(who, 'read', { project: event.project, ownerId: null }) === 'allowed';
  const others = who.jobId === null ? events.filter((event) => !isOfProjects(event)) : [];
  const idsOf = (type: HistoryEvent['subjectType']): string[] => [
    ...new Set(others.filter((each) => each.subjectType === type).map((each) => each.subjectId)),
  ];
  const [runs, questions] = [idsOf('flowRun'), idsOf('webInput')];
  if (runs.length + questions.length === 0) return events.filter(isOfProjects);
  const shared = new Set<string>([
    ...(runs.length > 0 ? await seenFlowRuns(hub.db, visibleTo(who), runs) : []),
    ...(questions.length > 0 ? await webInputsFor(hub.db, questionReader(who), questions) : []),
  ]);
  return events.filter((event) => isOfProjects(event) || shared.has(event.subjectId));
}

function formatEvent(event: HistoryEvent): string {
  return `id: ${event.cursor}\ndata: ${JSON.stringify(event)}\n\n`;
}
