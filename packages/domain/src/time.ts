import { z } from 'zod';

/** An instant: ISO 8601 in UTC with milliseconds, `2026-11-21T14:03:00.000Z`. */
export const instantSchema = z.iso.datetime({ precision: 3 });

/** See {@link instantSchema}; sorts as text. */
export type Instant = string;

/** The instant `seconds` after `at` (before it when negative). */
export function addSeconds(at: Instant, seconds: number): Instant {
  return fromMilliseconds(Date.parse(at) + Math.round(seconds * 1000));
}

/** Seconds from `from` to `to`; negative when `to` is earlier. */
export function secondsBetween(from: Instant, to: Instant): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

/** The instant of a number of milliseconds since 1970 UTC. */
export function fromMilliseconds(milliseconds: number): Instant {
  return new Date(milliseconds).toISOString();
}
