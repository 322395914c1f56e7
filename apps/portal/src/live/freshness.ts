import type { Schemas } from '@interpulse/api/client/create-client.ts';

type Shot = Schemas['Shot'];

/**
 * How the newest answer stands to the newest shot.
 * - `none`: nothing was answered yet
 * - `fresh`: the answer is for the newest shot
 * - `pending`: the newest shot is being analysed and its deadline has not passed
 * - `stale`: the newest shot has no answer although its deadline passed, or its flow run failed
 */
export interface Freshness {
  kind: 'none' | 'fresh' | 'pending' | 'stale';
  /** The shot whose answer is shown. */
  shown: Shot | null;
  newestNumber: number | null;
  /** The newest shot, once it is listed. */
  newest: Shot | null;
  shotsBehind: number;
}

/**
 * Judges the newest answer.
 * @param shots newest first
 * @param lastShotNumber by the instrument's own count, which may be ahead of the list
 */
export function judgeFreshness(
  shots: Shot[],
  lastShotNumber: number | null,
  nowMilliseconds: number,
): Freshness {
  const first = shots[0] ?? null;
  const shown = shots.find((shot) => isAnswered(shot)) ?? null;
  const newestNumber = Math.max(first?.number ?? -1, lastShotNumber ?? -1);
  const newest = first?.number === newestNumber ? first : null;
  const base = { shown, newest, newestNumber: newestNumber < 0 ? null : newestNumber };
  const shotsBehind = shown === null ? 0 : newestNumber - shown.number;
  if (shown === null) return { ...base, kind: 'none', shotsBehind };
  if (shotsBehind <= 0) return { ...base, kind: 'fresh', shotsBehind: 0 };
  const hasFailed = newest?.flowStatus === 'FAILED' || newest?.flowStatus === 'ENDED';
  const deadline = newest?.deadlineAt;
  const isLate = typeof deadline === 'string' && Date.parse(deadline) < nowMilliseconds;
  // One shot on its way is normal; a second one without an answer is not.
  const kind = hasFailed || isLate || shotsBehind > 1 ? 'stale' : 'pending';
  return { ...base, kind, shotsBehind };
}

/** True when a shot has a result that can be shown. */
export function isAnswered(shot: Shot): boolean {
  return shot.answeredAt !== null && shot.resultDatasetId !== null;
}
