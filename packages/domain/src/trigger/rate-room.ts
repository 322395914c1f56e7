import { addSeconds, type Instant } from '../time.ts';
import type { RateLimit } from './trigger.ts';

/**
 * When there is room under a rate limit: now (null), or at an instant. `nthNewestAt` is when the
 * `most`-th newest flow run was started, null when there were fewer.
 */
export function roomAt(
  limit: Pick<RateLimit, 'perSeconds'>,
  nthNewestAt: Instant | null,
  now: Instant,
): Instant | null {
  if (nthNewestAt === null) return null;
  const at = addSeconds(nthNewestAt, limit.perSeconds);
  // A clock that was set back must not close the door for longer than the period.
  const latest = addSeconds(now, limit.perSeconds);
  return at <= now ? null : at < latest ? at : latest;
}
