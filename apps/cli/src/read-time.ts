import { DomainError } from '@interpulse/domain/error.ts';

const secondsOf: Record<string, number> = { '': 1, s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/**
 * A time in the past as people write it: an instant, or how long ago (`36h`, `7d`). `flag` is
 * named when it cannot be read.
 * @throws DomainError invalid.
 */
export function timeAgo(flag: string, text: string, nowAt: string): string {
  const seconds = /^\d+$/.test(text) ? null : lengthOf(text);
  const at = seconds === null ? instantOf(text) : Date.parse(nowAt) - seconds * 1000;
  if (Number.isFinite(at)) return new Date(at).toISOString();
  throw new DomainError('invalid', `${flag} is an instant, or how long ago (36h, 7d): "${text}"`);
}

/** Like {@link timeAgo} of an option that may be left out. @throws DomainError invalid. */
export function timeAgoIfGiven(flag: string, text: string | undefined, nowAt: string) {
  return text === undefined ? undefined : timeAgo(flag, text, nowAt);
}

/**
 * A time to come as people write it: how long from now (`90` seconds, `10m`, `2h`), or an instant.
 * @throws DomainError invalid.
 */
export function deadlineAt(text: string | undefined, nowAt: string): string | null {
  if (text === undefined) return null;
  const seconds = lengthOf(text);
  const at = seconds === null ? instantOf(text) : Date.parse(nowAt) + seconds * 1000;
  if (Number.isFinite(at)) return new Date(at).toISOString();
  const known = 'seconds from now, 10m, 2h, or an instant (2026-11-21T14:03:00Z)';
  throw new DomainError('invalid', `"${text}" is no time to come; write ${known}`);
}

/**
 * A length of time as people write it (`90` seconds, `10m`, `2h`), in whole seconds.
 * @throws DomainError invalid.
 */
export function wholeSeconds(text: string): number {
  const seconds = lengthOf(text);
  if (seconds !== null && seconds > 0) return Math.ceil(seconds);
  const known = 'seconds, or 10m, 2h, 1d';
  throw new DomainError('invalid', `"${text}" is no length of time; write ${known}`);
}

/** `Date.parse` makes something of almost any word with a number in it. */
function instantOf(text: string): number {
  return /^\d{4}(-|$)/.test(text) ? Date.parse(text) : Number.NaN;
}

function lengthOf(text: string): number | null {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text.trim()) ?? [];
  const seconds = secondsOf[unit];
  return count === undefined || seconds === undefined ? null : Number(count) * seconds;
}
