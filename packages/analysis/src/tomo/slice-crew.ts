import { Worker } from 'node:worker_threads';
import type { SlicePlan } from './slice-pair.ts';
import { control, createPairTaker, type SliceWork } from './slice-work.ts';

/** How long the main thread sleeps before it looks again whether a worker has failed. */
const patienceMilliseconds = 1000;

/**
 * Threads that reconstruct a slab of slices together. The calling thread works too and then waits
 * for the others, so that a slab is done when {@link SliceCrew.run} returns: no event loop needed.
 * With one thread there is no worker at all.
 */
export class SliceCrew {
  readonly work: SliceWork;
  readonly #takePairs: () => void;
  readonly #workers: Worker[];
  #failure: unknown;

  /** @param slabSlices The most slices of one round; even, unless it is the only round. */
  constructor(plan: SlicePlan, slabSlices: number, threads: number) {
    const { columns, anglesRadians } = plan;
    const floats = (count: number): Float32Array<SharedArrayBuffer> =>
      new Float32Array(new SharedArrayBuffer(4 * count));
    const doubles = (count: number): Float64Array<SharedArrayBuffer> =>
      new Float64Array(new SharedArrayBuffer(8 * count));
    this.work = {
      plan,
      slabSlices,
      control: new Int32Array(new SharedArrayBuffer(4 * Object.keys(control).length)),
      sinograms: floats(slabSlices * anglesRadians.length * columns),
      dark: doubles(slabSlices * columns),
      flat: doubles(slabSlices * columns),
      images: floats(slabSlices * columns * columns),
    };
    const helpers = Math.min(threads, Math.ceil(slabSlices / 2)) - 1;
    this.#workers = Array.from({ length: Math.max(0, helpers) }, () => this.#hire());
    this.#takePairs = createPairTaker(this.work);
  }

  /**
   * Reconstructs the first `slices` slices of the slab that lies in `work`.
   *
   * @returns float32[slices, size, size]: a view that the next round overwrites.
   * @throws Error when a thread has failed.
   */
  run(slices: number): Float32Array<SharedArrayBuffer> {
    const words = this.work.control;
    Atomics.store(words, control.done, 0);
    Atomics.store(words, control.slices, slices);
    Atomics.store(words, control.next, 0);
    Atomics.add(words, control.round, 1);
    Atomics.notify(words, control.round);
    this.#takePairs();
    const pairs = Math.ceil(slices / 2);
    for (;;) {
      const done = Atomics.load(words, control.done);
      if (Atomics.load(words, control.failed) !== 0) {
        throw new Error('a reconstruction thread failed; it may have run out of memory', {
          cause: this.#failure,
        });
      }
      if (done >= pairs) break;
      Atomics.wait(words, control.done, done, patienceMilliseconds);
    }
    return this.work.images.subarray(0, slices * this.work.plan.columns ** 2);
  }

  /** Sends the threads home; the crew cannot work afterwards. */
  async close(): Promise<void> {
    Atomics.store(this.work.control, control.round, -1);
    Atomics.notify(this.work.control, control.round);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #hire(): Worker {
    const worker = new Worker(new URL('./slice-worker.ts', import.meta.url), {
      workerData: this.work,
    });
    worker.on('error', (error) => {
      this.#failure = error;
    });
    worker.unref();
    return worker;
  }
}
