import type { Pilot } from '../pilot/pilot.ts';

/**
 * Why the last pilot of a pool never ran, by the name of the pool: a scheduler that does not
 * answer, an account that it refuses. Nothing of a pool whose last pilot ran, or was let go. What
 * has not come to anything yet is passed over; `pilots` are those of one site, newest first.
 */
export function findStillborn(
  pilots: readonly Pick<Pilot, 'pool' | 'state' | 'startedAt' | 'reason'>[],
): ReadonlyMap<string, string> {
  const last = new Map<string, string | null>();
  for (const { pool, state, startedAt, reason } of pilots) {
    const isOpen = state === 'wanted' || state === 'submitted';
    if (last.has(pool) || (isOpen && startedAt === null)) continue;
    const isStillborn = state === 'lost' && startedAt === null;
    last.set(pool, isStillborn ? (reason ?? 'no reason was given') : null);
  }
  return new Map([...last].flatMap(([pool, why]) => (why === null ? [] : [[pool, why]])));
}
