import type { Frame } from './session-frame.ts';

/** Instants that were compared and are remembered: those of half a minute of beats. */
const samplesKept = 6;

/** Clocks that are closer than this are taken for one; what is found moves only by half of it. */
const closeMs = 1_000;

/** Nothing is on its way for longer: the line would have been given up. Then the clock was set. */
const longestWayMs = 20_000;

/**
 * How far the peer's clock is ahead of ours, from instants that it sent. Each is older by its way
 * to us, which is never negative: the largest difference is the best.
 */
export class PeerClock {
  readonly #wallClock: () => number;
  #samples: number[] = [];
  #aheadMs = 0;

  /** `wallClock` gives what our clock shows, in milliseconds since 1970. */
  constructor(wallClock: () => number) {
    this.#wallClock = wallClock;
  }

  /** Negative when it is behind; 0 while nothing is known. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** A frame as it leaves; some say what our clock shows. */
  stamped(frame: Frame): Frame {
    if (frame.type !== 'hello' && frame.type !== 'beat') return frame;
    return { ...frame, sentAt: new Date(this.#wallClock()).toISOString() };
  }

  /** Takes what the peer's clock showed when it sent a frame that has just arrived. */
  hear(frame: Frame): void {
    if (frame.type !== 'hello' && frame.type !== 'beat') return;
    const sample = Date.parse(frame.sentAt ?? '') - this.#wallClock();
    if (Number.isNaN(sample)) return;
    if (Math.max(...this.#samples) - sample > longestWayMs) this.#samples = [];
    this.#samples = [...this.#samples, sample].slice(-samplesKept);
    const best = Math.max(...this.#samples);
    // It stays the same for as long as it can: a word that comes twice means the same instant.
    if (Math.abs(best - this.#aheadMs) < closeMs / 2) return;
    this.#aheadMs = Math.abs(best) < closeMs ? 0 : best;
  }
}
