import { setTimeout as delay } from 'node:timers/promises';
import type { BatchJob, BatchSystem } from '@interpulse/adapters/batch/batch-system.ts';
import type { PilotId } from '@interpulse/domain/id.ts';

/** What is waited for. */
interface Wait {
  batch: BatchSystem;
  pilotId: PilotId;
  state: BatchJob['state'];
  patienceSeconds: number;
}

/** Waits until the batch system tells a state of a pilot; throws with the last one in vain. */
export async function untilState(wait: Wait): Promise<BatchJob> {
  const { batch, pilotId, state, patienceSeconds } = wait;
  const endAtMs = performance.now() + patienceSeconds * 1000;
  for (;;) {
    const found = (await batch.list()).find((job) => job.pilotId === pilotId);
    if (found?.state === state) return found;
    if (performance.now() > endAtMs) {
      const last = JSON.stringify(found);
      throw new Error(`Waited in vain until ${pilotId} was ${state}; it is ${last}.`);
    }
    await delay(20);
  }
}
