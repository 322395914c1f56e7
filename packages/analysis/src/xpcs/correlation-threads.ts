import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CorrelationSums, CorrelationTask } from './correlation-sums.ts';
import { addSums, correlateShare } from './correlation-sums.ts';

/** Threads that stand ready to correlate; they start while frames are still being read. */
export interface CorrelationThreads {
  /** Correlates with all threads, this one included. Can be called once. */
  run(task: CorrelationTask): Promise<CorrelationSums>;
  /** Ends threads that were not used. */
  close(): Promise<void>;
}

/** Starts `threads` - 1 workers, since the calling thread works as well. */
export function startCorrelationThreads(threads: number): CorrelationThreads {
  const module = new URL('./correlate-worker.ts', import.meta.url);
  const workers = Array.from({ length: threads - 1 }, () => new Worker(module));
  return {
    async run(task) {
      const replies = workers.map(async (worker) => {
        worker.postMessage(task);
        const [sums] = (await once(worker, 'message')) as [CorrelationSums];
        return sums;
      });
      // Workers have their messages already; this thread may now be busy until the end.
      const own = correlateShare(task);
      for (const sums of await Promise.all(replies)) addSums(own, sums);
      return own;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
