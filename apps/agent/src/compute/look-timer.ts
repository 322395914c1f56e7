/** How often a batch system is looked at. */
const lookLimits = {
  /** While something is about to change: a pilot was submitted, or lost its session. */
  soonSeconds: 2,
  /** When nothing has changed for long, and for batch systems that tell. */
  seldomSeconds: 30,
};

/**
 * Seconds until the next look: a tenth of the time since the last change, so that a pilot that has
 * waited for an hour costs the scheduler little, and one that was just submitted is seen at once.
 */
export function secondsToLook(pilots: { tellsChanges: boolean; quietSeconds: number }): number {
  if (pilots.tellsChanges) return lookLimits.seldomSeconds;
  const wanted = pilots.quietSeconds / 10;
  return Math.min(lookLimits.seldomSeconds, Math.max(lookLimits.soonSeconds, wanted));
}

/** What is looked at, and what makes it pressing. */
export interface Looking {
  /** Never rejects. */
  look: () => Promise<void>;
  tellsChanges: boolean;
  /** Whether something must be seen soon, whatever the batch system tells. */
  isPressing: () => boolean;
}

/** Looks again and again: when asked, once at a time, and when the time has come. */
export class LookTimer {
  readonly #with: Looking;
  #changedAtMs = performance.now();
  #looking: Promise<void> | null = null;
  #again = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(looking: Looking) {
    this.#with = looking;
  }

  /** Something has changed, or is about to: the next looks follow soon. */
  noteChange(): void {
    this.#changedAtMs = performance.now();
  }

  /** Resolves when a look that was under way, or a new one, is over. */
  now(): Promise<void> {
    if (this.#looking !== null) {
      this.#again = true;
      return this.#looking;
    }
    clearTimeout(this.#timer);
    this.#looking = this.#with.look().finally(() => {
      this.#looking = null;
      if (this.#again && !this.#isClosed) {
        this.#again = false;
        void this.now();
      } else {
        this.#later();
      }
    });
    return this.#looking;
  }

  #later(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    const quietSeconds = (performance.now() - this.#changedAtMs) / 1000;
    const { tellsChanges, isPressing } = this.#with;
    const seconds = isPressing()
      ? lookLimits.soonSeconds
      : secondsToLook({ tellsChanges, quietSeconds });
    this.#timer = setTimeout(() => void this.now(), seconds * 1000).unref();
  }

  /** Looks no more by itself. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }
}
