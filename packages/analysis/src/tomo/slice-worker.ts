import { workerData } from 'node:worker_threads';
import { control, createPairTaker, type SliceWork } from './slice-work.ts';

// A thread of SliceCrew: waits for rounds and takes pairs of slices until the round is negative.
const work = workerData as SliceWork;
const words = work.control;
try {
  const takePairs = createPairTaker(work);
  let round = 0;
  for (;;) {
    Atomics.wait(words, control.round, round);
    round = Atomics.load(words, control.round);
    if (round < 0) break;
    takePairs();
  }
} catch (error) {
  Atomics.store(words, control.failed, 1);
  Atomics.notify(words, control.done);
  throw error;
}
