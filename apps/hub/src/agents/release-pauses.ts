import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { Hub } from '../hub.ts';

/** The second time in a row; each further one doubles it. */
const firstMs = 250;
const mostMs = 30_000;
/** Pilots that are remembered; beyond, it is begun anew. */
const mostPilots = 10_000;

type Word = Pick<JobReport, 'pilotId' | 'event'>;

/**
 * Pilots that give work back again and again without doing any get nothing for a while, which
 * grows: whatever is wrong with them, the same job is not given to them a thousand times a second.
 */
export class ReleasePauses {
  readonly #pilots = new Map<string, { times: number; untilMs: number }>();

  /**
   * Takes the words of one message; a word of work that has begun ends the pause. Answers the
   * longest pause that begins, in milliseconds.
   */
  note(words: readonly Word[], nowMs: number): number {
    const begun = words.filter(({ event }) => event !== 'released');
    for (const { pilotId } of begun) this.#pilots.delete(pilotId);
    const busy = new Set(begun.map(({ pilotId }) => pilotId));
    const idle = new Set(words.map(({ pilotId }) => pilotId).filter((id) => !busy.has(id)));
    return Math.max(0, ...[...idle].map((pilotId) => this.#lengthen(pilotId, nowMs)));
  }

  #lengthen(pilotId: string, nowMs: number): number {
    const times = (this.#pilots.get(pilotId)?.times ?? 0) + 1;
    // Once is nothing: another pilot had room for it.
    const pauseMs = times === 1 ? 0 : Math.min(mostMs, firstMs * 2 ** (times - 2));
    if (this.#pilots.size >= mostPilots) this.#pilots.clear();
    this.#pilots.set(pilotId, { times, untilMs: nowMs + pauseMs });
    return pauseMs;
  }

  /** Those that get nothing now. */
  paused(nowMs: number): Set<string> {
    const ids = [...this.#pilots].flatMap(([id, { untilMs }]) => (untilMs > nowMs ? [id] : []));
    return new Set(ids);
  }
}

const pauses = new WeakMap<Hub, ReleasePauses>();

/** Those of the sites whose agents' sessions are at this hub, which alone leases there. */
export function releasePausesOf(hub: Hub): ReleasePauses {
  const known = pauses.get(hub) ?? new ReleasePauses();
  pauses.set(hub, known);
  return known;
}
