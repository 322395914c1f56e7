import { moverLimits } from './mover-limits.ts';

/** A chunk, or a view of one. */
export type ChunkBuffer = Buffer<ArrayBuffer>;

/** Chunk buffers that are used again: fresh ones would have to be zeroed and paged in each time. */
export class BufferPool {
  readonly #free: ChunkBuffer[] = [];
  readonly #waiting: ((buffer: ChunkBuffer) => void)[] = [];
  #left: number;

  constructor(count: number = moverLimits.chunksInFlight) {
    this.#left = count;
  }

  /** A buffer of one chunk if one is free. */
  tryTake(): ChunkBuffer | null {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#left === 0) return null;
    this.#left -= 1;
    return Buffer.allocUnsafeSlow(moverLimits.chunkBytes);
  }

  /** A buffer of one chunk as soon as one is free. */
  take(): Promise<ChunkBuffer> {
    const free = this.tryTake();
    if (free !== null) return Promise.resolve(free);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Hands a buffer back; a view of it will do. */
  give(buffer: ChunkBuffer): void {
    const whole = Buffer.from(buffer.buffer);
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(whole);
    else next(whole);
  }
}
