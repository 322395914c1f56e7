import { Cron } from 'croner';
import type { Instant } from '../time.ts';

/** When a schedule is due. */
export interface Schedule {
  cron: string;
  timeZone: string;
}

/** Whether a name is one of a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone.length > 0;
  } catch {
    return false;
  }
}

/** Why a text is no cron expression; null when it is one. */
export function scheduleProblem(cron: string): string | null {
  // An instant is an expression to the library, but happens only once.
  if (!/^(@\w+|\S+(\s+\S+){4,5})$/.test(cron.trim())) {
    return 'five fields (minute hour day month weekday), or six with seconds first';
  }
  try {
    const next = new Cron(cron, { paused: true }).nextRun(new Date(0));
    return next === null ? 'it is never due' : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The first instant of a schedule after `after`; null when there is none any more. By the clock of
 * its time zone: an hour that is left out in spring counts once, as the instant after the gap; one
 * that comes twice in autumn counts once for a fixed hour.
 */
export function nextScheduled({ cron, timeZone }: Schedule, after: Instant): Instant | null {
  const next = new Cron(cron, { paused: true, timezone: timeZone }).nextRun(new Date(after));
  return next === null ? null : next.toISOString();
}

/** Instants of a schedule from `from` to `until`, both included: the first `most` of them. */
export function scheduledBetween(
  schedule: Schedule,
  from: Instant,
  until: Instant,
  most: number,
): Instant[] {
  const found: Instant[] = [];
  const cron = new Cron(schedule.cron, { paused: true, timezone: schedule.timeZone });
  const before = new Date(Date.parse(from) - 1).toISOString();
  let at = cron.nextRun(new Date(before))?.toISOString() ?? null;
  while (at !== null && at <= until && found.length < most) {
    found.push(at);
    at = cron.nextRun(new Date(at))?.toISOString() ?? null;
  }
  return found;
}

/** The newest instants of a schedule until `until`, included; oldest first. */
export function newestScheduled(
  { cron, timeZone }: Schedule,
  until: Instant,
  most: number,
): Instant[] {
  const after = new Date(Date.parse(until) + 1);
  const found = new Cron(cron, { paused: true, timezone: timeZone }).previousRuns(most, after);
  return found.map((at) => at.toISOString()).toReversed();
}
