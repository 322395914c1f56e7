import { useSyncExternalStore } from 'react';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { currentConnection } from './connection.ts';
import { hub } from './hub.ts';

/**
 * The hub's clock. Count-downs compare the hub's instants with "now"; a control room computer
 * whose clock is wrong must not show a wrong count-down, so the difference is measured.
 */
let offsetMilliseconds = 0;
let nowMilliseconds = Date.now();

/** Milliseconds since 1970 by the hub's clock. */
export function hubNow(): number {
  return Date.now() + offsetMilliseconds;
}

/** Measures how far the browser's clock is from the hub's, to within half a round trip. */
export async function measureHubClock(): Promise<void> {
  const before = Date.now();
  const { now } = await unwrap(hub.GET('/api/v1/health'));
  const after = Date.now();
  // A slow answer measures worse than what is known already.
  if (after - before > 2000) return;
  offsetMilliseconds = Date.parse(now) - (before + after) / 2;
}

/**
 * The "now" that pages judge by. Without a connection it stands still: what is shown is the state
 * of that moment, and nothing is called late or overdue that the portal merely has not heard of.
 */
function judgedNow(): number {
  const { status, heardAt } = currentConnection();
  return status === 'lost' && heardAt !== null ? heardAt + offsetMilliseconds : hubNow();
}

const tickMilliseconds = 200;
const listeners = new Set<() => void>();
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    nowMilliseconds = judgedNow();
    for (const each of listeners) each();
  }, tickMilliseconds);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/**
 * The hub's "now" in milliseconds, which renders again as it passes; it stands still while the
 * connection is lost.
 * @param stepMilliseconds render no more often than this; a multiple of 200.
 */
export function useHubNow(stepMilliseconds = 1000): number {
  return useSyncExternalStore(subscribe, () => {
    if (timer === undefined) nowMilliseconds = judgedNow();
    return Math.floor(nowMilliseconds / stepMilliseconds) * stepMilliseconds;
  });
}
