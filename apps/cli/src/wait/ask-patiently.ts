import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '@interpulse/domain/error.ts';

const pauseMilliseconds = { first: 250, most: 5000 };

/**
 * Asks what the hub holds until there is an answer, again and again while the hub is away: a wait
 * outlives its restart. The first question is asked once: it says whether there is such a hub.
 * @throws DomainError when the hub refuses.
 */
export async function askPatiently<T>(ask: () => Promise<T>, isFirst: boolean): Promise<T> {
  let pause: number = pauseMilliseconds.first;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isAway = error instanceof DomainError && error.kind === 'unavailable';
      if (isFirst || !isAway) throw error;
    }
    await delay(pause);
    pause = Math.min(pauseMilliseconds.most, pause * 2);
  }
}
