import { Worker } from 'node:worker_threads';
import { DomainError, type ErrorKind } from '@interpulse/domain/error.ts';
import type { Hdf5Answer, Hdf5Question } from './hdf5-question.ts';

const readerLimits = {
  /** A file that is not read by then never will be; the thread is replaced. */
  patienceMs: 15_000,
  /** The thread, and the library's memory, go after so long without a question. */
  idleMs: 60_000,
  /** The library leaks a handle for some files that it refuses; all go with the thread. */
  problemsPerThread: 100,
};

interface Reply {
  id: number;
  answer?: Hdf5Answer;
  problem?: { kind: ErrorKind; message: string };
}

interface Open {
  resolve: (answer: Hdf5Answer) => void;
  reject: (error: DomainError) => void;
  timer: NodeJS.Timeout;
}

/** Reads HDF5 files in a thread of their own: the library blocks while it reads. */
export class Hdf5Reader {
  readonly #open = new Map<number, Open>();
  #worker: Worker | null = null;
  #count = 0;
  /** Of this thread. */
  #problems = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  /** @throws DomainError of what is wrong with the file, `unavailable` when it takes too long. */
  ask(question: Hdf5Question): Promise<Hdf5Answer> {
    clearTimeout(this.#idleTimer);
    const { promise, resolve, reject } = Promise.withResolvers<Hdf5Answer>();
    const id = (this.#count += 1);
    const timer = setTimeout(() => {
      void this.#stop(new DomainError('unavailable', 'reading the file took too long; try again'));
    }, readerLimits.patienceMs);
    this.#open.set(id, { resolve, reject, timer });
    this.#worker ??= this.#start();
    this.#worker.postMessage({ id, question });
    return promise;
  }

  /** Ends the thread; open questions are `unavailable`. */
  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    await this.#stop(new DomainError('unavailable', 'the agent ends'));
  }

  #start(): Worker {
    this.#problems = 0;
    const worker = new Worker(new URL('./hdf5-worker.ts', import.meta.url));
    worker.on('message', (reply: Reply) => this.#settle(reply));
    worker.on('error', (error) => {
      const said = `reading the file failed: ${error instanceof Error ? error.message : 'crash'}`;
      if (this.#worker === worker) void this.#stop(new DomainError('unavailable', said));
    });
    return worker;
  }

  #settle({ id, answer, problem }: Reply): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    clearTimeout(open?.timer);
    if (answer !== undefined) open?.resolve(answer);
    else if (problem !== undefined) open?.reject(new DomainError(problem.kind, problem.message));
    if (problem !== undefined) this.#problems += 1;
    if (this.#open.size > 0) return;
    if (this.#problems >= readerLimits.problemsPerThread) {
      void this.close();
      return;
    }
    this.#idleTimer = setTimeout(() => void this.close(), readerLimits.idleMs).unref();
  }

  async #stop(error: DomainError): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    for (const { reject, timer } of this.#open.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#open.clear();
    await worker?.terminate();
  }
}
