import type { SessionLimits } from './session-limits.ts';

/**
 * Milliseconds to wait before connection attempt `attempt` (0 is the first after a cut, and
 * immediate). Doubles up to the cap; `random`, from [0, 1), takes off up to half of it, so that
 * the agents of a restarted hub do not come back in one wave.
 */
export function reconnectDelay(
  attempt: number,
  random: number,
  limits: Pick<SessionLimits, 'reconnectFirstMs' | 'reconnectCapMs'>,
): number {
  if (attempt === 0) return 0;
  const doubled = limits.reconnectFirstMs * 2 ** Math.min(attempt - 1, 30);
  return Math.min(limits.reconnectCapMs, doubled) * (1 - random / 2);
}
