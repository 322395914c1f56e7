import { Fifo } from './fifo.ts';

/** Runs handlers in order of arrival, at most `concurrency` at the same time. */
export class HandlerRunner<T> {
  readonly #concurrency: number;
  readonly #run: (item: T) => Promise<void>;
  readonly #waiting = new Fifo<T>();
  #running = 0;

  /** `run` must not reject. */
  constructor(concurrency: number, run: (item: T) => Promise<void>) {
    this.#concurrency = concurrency;
    this.#run = run;
  }

  add(item: T): void {
    this.#waiting.push(item);
    this.#startMore();
  }

  /**
   * Drops what has not begun (its incarnation is over, it comes again). What runs goes on, and
   * still counts: no message is handled beside its own earlier delivery unless concurrency allows.
   */
  clear(): void {
    this.#waiting.takeAll();
  }

  #startMore(): void {
    while (this.#running < this.#concurrency) {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      this.#running += 1;
      void this.#run(item).finally(() => {
        this.#running -= 1;
        this.#startMore();
      });
    }
  }
}
