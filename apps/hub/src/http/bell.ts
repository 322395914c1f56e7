/** Waits for rings without losing one between two waits. */
export interface Bell {
  readonly ring: () => void;
  /** Resolves when the bell has ended. */
  readonly closed: Promise<void>;
  readonly ended: boolean;
  /** Nobody waits any more: the last ring. */
  readonly end: () => void;
  /** Resolves at the next ring, or at once when it rang since; at the latest after so long. */
  next(milliseconds: number | null): Promise<void>;
}

/** Makes a bell. */
export function createBell(): Bell {
  let rung = false;
  let ended = false;
  let wake: (() => void) | null = null;
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const ring = (): void => {
    rung = true;
    wake?.();
  };
  return {
    ring,
    closed,
    get ended() {
      return ended;
    },
    end: (): void => {
      ended = true;
      close();
      ring();
    },
    async next(milliseconds: number | null): Promise<void> {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = milliseconds === null ? null : setTimeout(resolve, milliseconds);
          wake = () => {
            if (timer !== null) clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = null;
      rung = false;
    },
  };
}
