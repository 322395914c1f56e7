import { addSeconds, type Instant } from '../time.ts';
import { nextScheduled } from './schedule.ts';
import { triggerLimits } from './trigger-limits.ts';
import type { SourceOf } from './trigger-source.ts';

/** What is to be done about a schedule now. */
export interface SchedulePlan {
  /** Instants that start the flow, oldest first. */
  fire: Instant[];
  /** The newest instant that passed unnoticed and starts nothing, and how many there were. */
  missed: { count: number; last: Instant } | null;
  /** When it is due next; null when never again. */
  nextDueAt: Instant | null;
}

/** How many instants are counted one by one; a schedule of seconds and a hub away for months. */
const mostCounted = 10_000;

/**
 * What a schedule asks for at `now`, when it was due at `dueAt`: instants within the grace fire;
 * those before it were missed, and fire as `catchUp` says.
 */
export function planSchedule(
  schedule: SourceOf<'schedule'>,
  dueAt: Instant | null,
  now: Instant,
): SchedulePlan {
  const graceFrom = addSeconds(now, -triggerLimits.scheduleGraceSeconds);
  const missed: Instant[] = [];
  const fresh: Instant[] = [];
  let at = dueAt;
  while (at !== null && at <= now) {
    if (at < graceFrom) missed.push(at);
    else fresh.push(at);
    if (missed.length >= mostCounted) {
      // The newest ones matter: go on shortly before now.
      missed.splice(0, mostCounted / 2);
      const recent = addSeconds(now, -86_400);
      at = nextScheduled(schedule, at < recent ? recent : at);
    } else at = nextScheduled(schedule, at);
  }
  const most = caughtUp(schedule.catchUp, fresh.length > 0);
  const caught = missed.slice(Math.max(0, missed.length - most));
  const left = missed.slice(0, missed.length - caught.length);
  const last = left.at(-1);
  return {
    fire: [...caught, ...fresh],
    missed: last === undefined ? null : { count: left.length, last },
    nextDueAt: nextScheduled(schedule, now),
  };
}

/** With `last`, an instant that is due now stands for those that were missed before it. */
function caughtUp(catchUp: SourceOf<'schedule'>['catchUp'], isDueNow: boolean): number {
  if (catchUp === 'all') return triggerLimits.catchUpInstants;
  return catchUp === 'last' && !isDueNow ? 1 : 0;
}
