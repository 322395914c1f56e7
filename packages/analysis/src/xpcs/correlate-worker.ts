import { parentPort } from 'node:worker_threads';
import type { CorrelationTask } from './correlation-sums.ts';
import { correlateShare } from './correlation-sums.ts';

parentPort?.once('message', (task: CorrelationTask) => {
  parentPort?.postMessage(correlateShare(task));
  parentPort?.close();
});
