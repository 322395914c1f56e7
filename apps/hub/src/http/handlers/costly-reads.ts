import { setTimeout as delay } from 'node:timers/promises';

/** What is costly is read once in so long, for all who ask. */
const pauseMilliseconds = 1000;
/** Of so many things it is remembered when they were read. */
const mostKept = 200;

interface Reading<T> {
  begunAtMs: number;
  /** Of those who came meanwhile; it has not begun yet. */
  next: Promise<T> | null;
}

/**
 * Reads that many may ask for many times a second. A costly one is done at most once in a second:
 * who comes earlier waits for the next, together with all others. Nobody is answered with what was
 * read before he asked, since he may not ask again.
 */
export class CostlyReads<T> {
  readonly #isCostly: (value: T) => boolean;
  readonly #nowMs: () => number;
  readonly #wait: (milliseconds: number) => Promise<unknown>;
  readonly #readings = new Map<string, Reading<T>>();

  constructor(
    isCostly: (value: T) => boolean,
    nowMs: () => number = () => performance.now(),
    wait: (milliseconds: number) => Promise<unknown> = delay,
  ) {
    this.#isCostly = isCostly;
    this.#nowMs = nowMs;
    this.#wait = wait;
  }

  /** Reads something, or waits for who reads it for all. */
  async get(key: string, read: () => Promise<T>): Promise<T> {
    const reading = this.#readings.get(key);
    if (reading === undefined) return this.#begin(key, read);
    if (reading.next !== null) return reading.next;
    const leftMs = reading.begunAtMs + pauseMilliseconds - this.#nowMs();
    if (leftMs <= 0) return this.#begin(key, read);
    reading.next = this.#wait(leftMs).then(() => this.#begin(key, read));
    return reading.next;
  }

  async #begin(key: string, read: () => Promise<T>): Promise<T> {
    const reading = { begunAtMs: this.#nowMs(), next: null };
    // What was costly before is held to be so while it is read.
    if (this.#readings.has(key)) this.#readings.set(key, reading);
    const value = await read();
    if (this.#isCostly(value)) this.#keep(key, reading);
    else this.#readings.delete(key);
    return value;
  }

  #keep(key: string, reading: Reading<T>): void {
    if (this.#readings.has(key)) return;
    if (this.#readings.size >= mostKept) {
      this.#readings.delete(this.#readings.keys().next().value ?? '');
    }
    this.#readings.set(key, reading);
  }
}
