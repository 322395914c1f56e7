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

const dayMilliseconds = 86_400_000;
/** Instants come in crowds of one day: of the next one only the time is written anew. */
let lastDay = { number: Number.NaN, text: '' };

/** The instant of a number of milliseconds since 1970 UTC. */
export function fromMilliseconds(milliseconds: number): Instant {
  const day = Math.floor(milliseconds / dayMilliseconds);
  if (day !== lastDay.number) {
    lastDay = { number: day, text: new Date(day * dayMilliseconds).toISOString().slice(0, -13) };
  }
  const rest = Math.floor(milliseconds - day * dayMilliseconds);
  const hours = two(rest / 3_600_000);
  const minutes = two((rest / 60_000) % 60);
  const seconds = two((rest / 1000) % 60);
  const thousandths = String(rest % 1000).padStart(3, '0');
  return `${lastDay.text}${hours}:${minutes}:${seconds}.${thousandths}Z`;
}

function two(value: number): string {
  return value < 10 ? `0${Math.floor(value)}` : `${Math.floor(value)}`;
}
