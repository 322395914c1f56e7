import { DomainError } from '@interpulse/domain/error.ts';
import type { HistoryEvent } from '@interpulse/domain/event/event.ts';
import { followEvents } from './connection/follow-events.ts';
import type { Context } from './context.ts';

/** Something that changes until it ends. */
export interface Following<T> {
  /** Whether an event may have changed it. */
  concerns: (event: HistoryEvent) => boolean;
  fetch: () => Promise<T>;
  isEnd: (thing: T) => boolean;
  /** Called with every state that was seen, and each second in between. */
  show: (thing: T) => void;
  /** True for what also changes without an event, such as the bytes of a transfer. */
  changesSilently?: boolean;
  /** Ends the watching early; what was seen last is the answer. */
  signal?: AbortSignal;
}

/**
 * Watches a thing until its end: fetched anew when an event says so and whenever the stream of
 * events is opened; each second only when it changes without events.
 * @throws DomainError when the hub refuses.
 */
export async function followThing<T>(
  context: Pick<Context, 'connection'>,
  following: Following<T>,
): Promise<T> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, ...(following.signal ? [following.signal] : [])]);
  let latest: T | undefined;
  let isStale = false;
  let isFetching = false;
  let failure: unknown;
  const refresh = async (): Promise<void> => {
    isStale = true;
    if (isFetching) return;
    isFetching = true;
    try {
      while (isStale && !signal.aborted) {
        isStale = false;
        latest = await following.fetch();
        following.show(latest);
        if (following.isEnd(latest)) over.abort();
      }
    } catch (error) {
      // A hub that is away comes back, and the stream that is then opened fetches again.
      if (error instanceof DomainError && error.kind === 'unavailable') return;
      failure = error;
      over.abort();
    } finally {
      isFetching = false;
    }
  };
  const clock = setInterval(() => {
    if (latest === undefined || signal.aborted) return;
    if (following.changesSilently === true) void refresh();
    else following.show(latest);
  }, 1000);
  try {
    await followEvents(context.connection, {
      signal,
      onOpen: () => void refresh(),
      onEvent: (event) => {
        if (following.concerns(event)) void refresh();
      },
    });
  } finally {
    clearInterval(clock);
  }
  if (failure !== undefined) throw failure;
  return latest as T;
}
