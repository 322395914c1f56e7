import { secondsBetween, type Instant } from '../time.ts';
import { pack, emptyRoom, type PilotRoom } from './pilot-room.ts';
import { isIdle, type PoolDraft } from './pool-draft.ts';
import { newRoom } from './share-work.ts';
import type { PilotSeen } from './pilot-needs.ts';

/** Idle pilots to let go, and why, for people. */
export interface Releases {
  pilots: PilotSeen[];
  reason: string;
}

/**
 * Chooses idle pilots to let go: all when the pool closes; those in whose place a pilot of another
 * shape is needed; those that were idle too long and are not kept warm. Never one that work is
 * planned for.
 */
export function chooseReleases(draft: PoolDraft, now: Instant): Releases | null {
  const idle = draft.alive.filter(isIdle);
  if (draft.isClosing) return idle.length === 0 ? null : { pilots: idle, reason: 'idle' };
  const used = new Set(draft.rooms.filter(({ isUsed }) => isUsed).map(({ pilot }) => pilot?.id));
  const unused = idle.filter(({ id }) => !used.has(id)).toSorted(byEnd);
  const making = makePlace(draft, unused, now);
  if (making.length > 0) return { pilots: making, reason: 'in the place of another shape' };
  const stale = unused.filter((pilot) => isStale(draft, pilot, now));
  const fresh = draft.rooms.filter(({ pilot }) => pilot?.state === 'running');
  const aging = stale.filter(({ id }) => fresh.every(({ pilot }) => pilot?.id !== id));
  const spare = stale.filter((pilot) => !aging.includes(pilot));
  const pilots = fresh.length < draft.minWarm ? [] : [...aging, ...overWarm(draft, fresh, spare)];
  return pilots.length === 0
    ? null
    : { pilots, reason: `idle for ${draft.needs.settings.idleSeconds} s` };
}

function overWarm(draft: PoolDraft, fresh: PilotRoom[], spare: PilotSeen[]): PilotSeen[] {
  return spare.slice(0, Math.max(0, fresh.length - draft.minWarm));
}

/**
 * A pool that is full of pilots which cannot hold what waits would never serve it. Those whose
 * nodes are too few leave at once; those that lack time only after their idle time, or a job that
 * waits for its inputs would see one pilot after another come and go.
 */
function makePlace(draft: PoolDraft, unused: readonly PilotSeen[], now: Instant): PilotSeen[] {
  if (draft.stopped !== null || draft.added.length > 0) return [];
  const chosen: PilotSeen[] = [];
  for (const work of draft.beyond) {
    let { count } = work;
    for (const pilot of unused) {
      if (count === 0) break;
      if (chosen.includes(pilot)) continue;
      const alike = emptyRoom(draft.needs.pool, pilot.nodes, Infinity);
      if (pack(alike, work, 1) > 0 && !isStale(draft, pilot, now)) continue;
      const holds = pack(newRoom(draft, work.resources.nodes), work, count);
      if (holds === 0) break;
      chosen.push(pilot);
      count -= holds;
    }
  }
  return chosen;
}

function isStale({ needs }: PoolDraft, { idleSinceAt }: PilotSeen, now: Instant): boolean {
  return idleSinceAt !== null && secondsBetween(idleSinceAt, now) >= needs.settings.idleSeconds;
}

function byEnd(a: PilotSeen, b: PilotSeen): number {
  return (a.endsAt ?? '') < (b.endsAt ?? '') ? -1 : 1;
}
