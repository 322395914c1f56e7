import type { QueryClient } from '@tanstack/react-query';
import type { HistoryEvent } from '@interpulse/domain/event/event.ts';
import { batchRefreshes } from './batch-refreshes.ts';
import { noteContact, setConnection } from './connection.ts';
import { measureHubClock } from './hub-clock.ts';
import { keysTouchedBy } from './query-keys.ts';

const streamPath = '/api/v1/events/stream';
/** The browser gives up on some errors (a proxy's 502); then we open the stream again. */
const reopenMilliseconds = 3000;
/** A hub that sends `ping` events and then falls silent for this long is out of reach. */
const silenceMilliseconds = 25_000;

/**
 * Follows the hub's events and refreshes what they touch, until the returned function is called.
 * EventSource resumes after the last event by itself; where it gives up, this opens a new stream
 * after the last cursor.
 */
export function followEvents(queryClient: QueryClient): () => void {
  const refreshes = batchRefreshes(queryClient);
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
    if (hasBeenLost) refreshes.touchAll();
    hasBeenLost = false;
  };
  const onMessage = (message: MessageEvent<string>) => {
    noteContact();
    watchSilence();
    cursor = message.lastEventId || cursor;
    refreshes.touch(keysTouchedBy(JSON.parse(message.data) as HistoryEvent));
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
