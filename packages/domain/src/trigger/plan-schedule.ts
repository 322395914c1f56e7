import { addSeconds, type Instant } from '../time.ts';
import { newestScheduled, nextScheduled, scheduledBetween } from './schedule.ts';
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

/** Beyond so many instants only the newest are looked at; the others are counted as so many. */
const mostCounted = 1000;

/**
 * What a schedule asks for at `now`, when it was due at `dueAt`: instants within the grace fire;
 * those before it were missed, and fire as `catchUp` says.
 */
export function planSchedule(
  schedule: SourceOf<'schedule'>,
  dueAt: Instant | null,
  now: Instant,
): SchedulePlan {
  const due = dueAt === null ? [] : dueInstants(schedule, dueAt, now);
  const graceFrom = addSeconds(now, -triggerLimits.scheduleGraceSeconds);
  const missed = due.filter((at) => at < graceFrom);
  const fresh = due.slice(missed.length);
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

/** From `dueAt` until `now`, oldest first; of very many the first ones and the newest ones. */
function dueInstants(schedule: SourceOf<'schedule'>, dueAt: Instant, now: Instant): Instant[] {
  const first = scheduledBetween(schedule, dueAt, now, mostCounted);
  if (first.length < mostCounted) return first;
  const last = first.at(-1) ?? dueAt;
  const most = triggerLimits.catchUpInstants + triggerLimits.scheduleGraceSeconds + 1;
  return [...first, ...newestScheduled(schedule, now, most).filter((at) => at > last)];
}

/** With `last`, an instant that is due now stands for those that were missed before it. */
function caughtUp(catchUp: SourceOf<'schedule'>['catchUp'], isDueNow: boolean): number {
  if (catchUp === 'all') return triggerLimits.catchUpInstants;
  return catchUp === 'last' && !isDueNow ? 1 : 0;
}
