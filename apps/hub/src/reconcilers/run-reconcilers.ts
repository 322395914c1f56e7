import type { Database } from '@interpulse/store/database.ts';
import type { StoreLog } from '@interpulse/store/store-log.ts';

/** Compares what is wanted with what is seen, and acts; idempotent, without input. */
export interface Reconciler {
  name: string;
  /** Topics that wake it at once. */
  topics: string[];
  /**
   * Nudges within so long after a run become one: for what is woken by every job and may come a
   * little later than that. 0 for what somebody waits for.
   */
  restMilliseconds: number;
  /** It also runs this often, for what a nudge missed. */
  everySeconds: number;
  /** Answers `true` to run again at once, or the instant at which something is due. */
  run(): Promise<boolean | string | null | void>;
}

/** Reconcilers at work. */
export interface RunningReconcilers {
  /** Ends them; resolves when none runs any more. */
  stop(): Promise<void>;
}

/** After a failure a reconciler waits this long, doubled each time up to a limit. */
const firstPauseMilliseconds = 200;
const longestPauseMilliseconds = 10_000;

/** Runs reconcilers: each one at a time, woken by topics, by timers and by what it is due to do. */
export function runReconcilers(
  db: Pick<Database, 'topics'>,
  log: StoreLog,
  reconcilers: readonly Reconciler[],
): RunningReconcilers {
  const loops = reconcilers.map((reconciler) => new Loop(reconciler, log));
  const unsubscribe = loops.flatMap((loop) => [
    db.topics.on(loop.reconciler.topics, () => loop.nudge()),
    db.topics.onReconnected(() => loop.nudge()),
  ]);
  for (const loop of loops) loop.nudge();
  return {
    async stop() {
      for (const end of unsubscribe) end();
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

class Loop {
  readonly reconciler: Reconciler;
  readonly #log: StoreLog;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  #pause = 0;
  /** By the clock of `performance.now`. */
  #restsUntil = 0;

  constructor(reconciler: Reconciler, log: StoreLog) {
    this.reconciler = reconciler;
    this.#log = log;
  }

  nudge(): void {
    if (this.#stopped) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    const rest = this.#restsUntil - performance.now();
    if (rest > 0) {
      this.#timer = setTimeout(() => this.nudge(), rest);
      return;
    }
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      this.#restsUntil = performance.now() + this.reconciler.restMilliseconds;
      if (this.#again && this.#pause === 0) {
        this.#again = false;
        this.nudge();
      }
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    let delay = this.reconciler.everySeconds * 1000;
    try {
      const due = await this.reconciler.run();
      this.#pause = 0;
      if (due === true) this.#again = true;
      else if (typeof due === 'string') delay = Math.min(delay, Date.parse(due) - Date.now());
    } catch (error) {
      this.#pause = Math.min(longestPauseMilliseconds, this.#pause * 2 || firstPauseMilliseconds);
      delay = this.#pause;
      const { name } = this.reconciler;
      this.#log.error({ err: error, reconciler: name }, 'a reconciler failed; it will run again');
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.nudge(), Math.max(1, delay));
  }
}
