import { addSeconds, secondsBetween, type Instant } from '../time.ts';

/** Fewer ends tell no pace. */
const fewestEnds = 3;

/**
 * When a bulk start will have ended if it goes on at the pace of its last ends, newest first; null
 * where no pace is known. While nothing ends the pace falls.
 */
export function predictBatchEnd(
  { remaining, lastEndsAt }: { remaining: number; lastEndsAt: readonly Instant[] },
  now: Instant,
): Instant | null {
  const first = lastEndsAt.at(-1);
  if (remaining === 0 || first === undefined || lastEndsAt.length < fewestEnds) return null;
  const seconds = Math.max(0, secondsBetween(first, now));
  return addSeconds(now, (remaining * seconds) / (lastEndsAt.length - 1));
}
