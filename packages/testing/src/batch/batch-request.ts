import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { BatchOptions, BatchRequest } from '@interpulse/adapters/batch/batch-system.ts';
import { makeId } from '@interpulse/domain/id.ts';

/** What matters of a request in a test; the rest asks for one core for two minutes. */
interface Wish extends Partial<Omit<BatchRequest, 'options'>> {
  command: readonly string[];
  /** The test's folder; the batch job gets one below it. */
  folder: string;
  options?: Partial<BatchOptions>;
}

/** A request for a batch job of a new pilot. */
export function batchRequest(wish: Wish): BatchRequest {
  const pilotId = wish.pilotId ?? makeId('pilot', Date.now(), randomBytes(10));
  return {
    environment: { PATH: process.env['PATH'] ?? '', WORD: 'two words' },
    nodes: 1,
    walltimeSeconds: 120,
    ...wish,
    pilotId,
    folder: join(wish.folder, 'work', pilotId),
    options: {
      queue: null,
      account: null,
      qos: null,
      reservation: null,
      constraint: null,
      coresPerNode: 1,
      gpusPerNode: 0,
      memoryBytesPerNode: 0,
      directives: [],
      endsBeforeAt: null,
      requeue: false,
      warnSeconds: 0,
      ...wish.options,
    },
  };
}
