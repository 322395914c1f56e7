import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { createBell } from './bell.ts';
import type { Call } from './handler.ts';

/** Looks within so long of each other are one, in milliseconds. */
const restMilliseconds = 3;
/** Looking takes at most this part of the time that is waited: 1 in so many. */
const restShare = 5;

/**
 * Holds a request until `look` finds something, or so many seconds have gone by: then it answers
 * undefined. It looks after commits, in this hub or another, and never by the clock alone; a caller
 * that hangs up is waited for no longer.
 */
export async function hold<T>(
  { hub, reply }: Pick<Call, 'hub' | 'reply'>,
  seconds: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const until = performance.now() + seconds * 1000;
  const bell = createBell();
  // Before the first look: what is committed while it looks rings too.
  const unsubscribe = [
    hub.db.topics.on([eventsTopic], bell.ring),
    hub.db.topics.onReconnected(bell.ring),
  ];
  reply.raw.on('close', bell.end);
  try {
    for (;;) {
      const began = performance.now();
      const found = await look();
      const now = performance.now();
      if (found !== undefined || now >= until || bell.ended) return found;
      await bell.next(until - now);
      const rest =
        Math.max(restMilliseconds, (now - began) * restShare) - (performance.now() - now);
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    }
  } finally {
    for (const end of unsubscribe) end();
    reply.raw.off('close', bell.end);
  }
}
