import type { QueryClient } from '@tanstack/react-query';
import type { HistoryEvent } from '@interpulse/domain/event/event.ts';
import { noteContact, setConnection } from './connection.ts';
import { measureHubClock } from './hub-clock.ts';
import { keysTouchedBy, paceOf } from './query-keys.ts';

const streamPath = '/api/v1/events/stream';
/** Events within this time refresh the page once. */
const batchMilliseconds = 250;
/** The browser gives up on some errors (a proxy's 502); then we open the stream again. */
const reopenMilliseconds = 3000;
/** A hub that sends `ping` events and then falls silent for this long is out of reach. */
const silenceMilliseconds = 40_000;

/**
 * Marks what events touch as out of date: at once, then as often as the hub keeps up with, and
 * large answers no more often than their pace.
 */
function batchInvalidations(queryClient: QueryClient) {
  const touched = new Map<string, string[]>();
  const askedAt = new Map<string, number>();
  let running = false;

  const isDue = (id: string, key: string[]) => Date.now() - (askedAt.get(id) ?? 0) >= paceOf(key);
  const takeDue = () => {
    const due = [...touched].filter(([id, key]) => isDue(id, key));
    for (const [id, key] of due) {
      touched.delete(id);
      if (paceOf(key) > 0) askedAt.set(id, Date.now());
    }
    return due.map(([, key]) => key);
  };

  async function flush(): Promise<void> {
    while (touched.size > 0) {
      // Waiting for the answers keeps a slow hub from being asked anew before it answered.
      const answers = takeDue().map((queryKey) => queryClient.invalidateQueries({ queryKey }));
      await Promise.all(answers);
      await new Promise((resolve) => setTimeout(resolve, batchMilliseconds));
    }
    running = false;
  }

  return (event: HistoryEvent) => {
    for (const key of keysTouchedBy(event)) touched.set(JSON.stringify(key), key);
    if (running) return;
    running = true;
    setTimeout(() => void flush(), batchMilliseconds / 5);
  };
}

/**
 * Follows the hub's events and refreshes what they touch, until the returned function is called.
 * EventSource resumes after the last event by itself; where it gives up, this opens a new stream
 * after the last cursor.
 */
export function followEvents(queryClient: QueryClient): () => void {
  const touch = batchInvalidations(queryClient);
  let source: EventSource | undefined;
  let reopenTimer: number | undefined;
  let silenceTimer: number | undefined;
  let cursor: string | undefined;
  let hasBeenLost = false;
  let pings = false;

  const onLost = () => {
    hasBeenLost = true;
    setConnection('lost');
    if (source?.readyState !== EventSource.CLOSED) return;
    window.clearTimeout(reopenTimer);
    reopenTimer = window.setTimeout(open, reopenMilliseconds);
  };
  const watchSilence = () => {
    window.clearTimeout(silenceTimer);
    if (!pings) return;
    silenceTimer = window.setTimeout(() => {
      source?.close();
      onLost();
    }, silenceMilliseconds);
  };
  const onOpen = () => {
    setConnection('live');
    watchSilence();
    void measureHubClock().catch(() => undefined);
    // Whatever happened meanwhile may lie further back than the hub's stream reaches.
    if (hasBeenLost) void queryClient.invalidateQueries();
    hasBeenLost = false;
  };
  const onMessage = (message: MessageEvent<string>) => {
    noteContact();
    watchSilence();
    cursor = message.lastEventId || cursor;
    touch(JSON.parse(message.data) as HistoryEvent);
  };
  const onPing = () => {
    pings = true;
    noteContact();
    watchSilence();
  };
  function open(): void {
    const after = cursor === undefined ? '' : `?after=${encodeURIComponent(cursor)}`;
    source = new EventSource(`${streamPath}${after}`);
    source.addEventListener('open', onOpen);
    source.addEventListener('error', onLost);
    source.addEventListener('message', onMessage);
    source.addEventListener('ping', onPing);
  }
  open();
  return () => {
    window.clearTimeout(reopenTimer);
    window.clearTimeout(silenceTimer);
    source?.close();
  };
}
