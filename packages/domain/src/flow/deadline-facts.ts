import type { JsonObject } from '../json.ts';
import { addSeconds, secondsBetween } from '../time.ts';
import type { Instant } from '../time.ts';

/**
 * What a flow reads at `$._context.deadline`. `seconds_left` falls below 0 when it is over;
 * `predicted_…` is null while no run has taught how long the rest takes. Without a deadline `at`
 * and the seconds are null, so that a Choice on them holds for no rule.
 */
export function deadlineFacts(
  deadlineAt: Instant | null,
  remainingSeconds: number | null,
  now: Instant,
): JsonObject {
  const left = deadlineAt === null ? null : secondsBetween(now, deadlineAt);
  const spare = left === null || remainingSeconds === null ? null : left - remainingSeconds;
  return {
    at: deadlineAt,
    seconds_left: left,
    is_late: left !== null && left < 0,
    predicted_finish_at: remainingSeconds === null ? null : addSeconds(now, remainingSeconds),
    predicted_seconds_left: spare,
    will_be_late: spare !== null && spare < 0,
  };
}
