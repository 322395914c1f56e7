import { DomainError } from '@interpulse/domain/error.ts';
import type { HistoryEvent, SubjectType } from '@interpulse/domain/event/event.ts';
import { problemToError } from '@interpulse/api/client/create-client.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { fetchFrom } from './connect.ts';
import type { Connection } from './connection.ts';
import { createSseParser } from '@interpulse/api/client/sse-parser.ts';

/** What to follow, and what to do. */
export interface FollowOptions {
  signal: AbortSignal;
  subjectType?: SubjectType | undefined;
  /** Where to begin; from now on when left out. */
  after?: string | undefined;
  /** The stream is there, for the first time or again: what was missed can be fetched now. */
  onOpen: () => void;
  onEvent: (event: HistoryEvent) => void;
}

const retryMilliseconds = { first: 250, most: 5000 };

/**
 * Follows the hub's events until the signal aborts; a broken stream is opened again after the last
 * event that came.
 * @throws DomainError when the hub refuses (not when it is away for a while).
 */
export async function followEvents(connection: Connection, options: FollowOptions): Promise<void> {
  let { after } = options;
  let wait: number = retryMilliseconds.first;
  while (!options.signal.aborted) {
    try {
      await readStream(connection, { ...options, after }, (event) => {
        after = event.cursor;
        wait = retryMilliseconds.first;
        options.onEvent(event);
      });
    } catch (error) {
      if (options.signal.aborted) return;
      const isAway = !(error instanceof DomainError) || error.kind === 'unavailable';
      if (!isAway) throw error;
    }
    await delay(wait, undefined, { signal: options.signal }).catch(() => undefined);
    wait = Math.min(retryMilliseconds.most, wait * 2);
  }
}

async function readStream(
  connection: Connection,
  options: FollowOptions,
  onEvent: (event: HistoryEvent) => void,
): Promise<void> {
  const url = new URL(`${connection.url}/api/v1/events/stream`);
  if (options.subjectType) url.searchParams.set('subjectType', options.subjectType);
  if (options.after !== undefined) url.searchParams.set('after', options.after);
  const response = await fetchFrom(connection.url, url.href, {
    headers: {
      accept: 'text/event-stream',
      ...(connection.token === undefined ? {} : { authorization: `Bearer ${connection.token}` }),
      ...(options.after === undefined ? {} : { 'last-event-id': options.after }),
    },
    signal: options.signal,
  });
  if (!response.ok || response.body === null) {
    throw problemToError(await response.json().catch(() => null), response.status);
  }
  options.onOpen();
  const parse = createSseParser();
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    for (const message of parse(decoder.decode(chunk, { stream: true }))) {
      if (message.event === 'message') onEvent(JSON.parse(message.data) as HistoryEvent);
    }
  }
}
