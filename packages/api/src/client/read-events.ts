import { DomainError } from '@interpulse/domain/error.ts';
import type { ConnectedClient } from './connect-client.ts';
import { problemToError, type Schemas } from './create-client.ts';
import { pause, retryPauses } from './retrying-fetch.ts';
import { createSseParser } from './sse-parser.ts';

type HistoryEvent = Schemas['Event'];
type SubjectType = HistoryEvent['subjectType'];

/** Which events, from where on, and until when. */
export interface EventOptions {
  subjectType?: SubjectType;
  /** A cursor; from now on when left out. */
  after?: string;
  signal?: AbortSignal;
}

/**
 * Everything that happens; goes on after the last event when the line is cut.
 * @throws DomainError when the hub refuses (not when it is away for a while).
 */
export async function* readEvents(
  connected: ConnectedClient,
  { subjectType, after, signal }: EventOptions = {},
): AsyncGenerator<HistoryEvent> {
  let cursor = after;
  let pauses = retryPauses();
  while (!signal?.aborted) {
    try {
      for await (const event of readStream(connected, { subjectType, cursor, signal })) {
        pauses = retryPauses();
        cursor = event.cursor;
        yield event;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof DomainError && error.kind !== 'unavailable') throw error;
    }
    await pause(pauses.next().value, signal);
  }
}

interface StreamOptions {
  subjectType: SubjectType | undefined;
  cursor: string | undefined;
  signal: AbortSignal | undefined;
}

async function* readStream(
  { baseUrl, token }: ConnectedClient,
  { subjectType, cursor, signal }: StreamOptions,
): AsyncGenerator<HistoryEvent> {
  const url = new URL(`${baseUrl}/api/v1/events/stream`);
  if (subjectType !== undefined) url.searchParams.set('subjectType', subjectType);
  const headers = {
    accept: 'text/event-stream',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(cursor === undefined ? {} : { 'last-event-id': cursor }),
  };
  const response = await fetch(url, { headers, ...(signal === undefined ? {} : { signal }) });
  if (!response.ok || response.body === null) {
    throw problemToError(await response.json().catch(() => null), response.status);
  }
  const parse = createSseParser();
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    for (const message of parse(decoder.decode(chunk, { stream: true }))) {
      if (message.event === 'message') yield JSON.parse(message.data) as HistoryEvent;
    }
  }
}
