import { DomainError } from '@interpulse/domain/error.ts';
import type { BatchSystem } from './batch-system.ts';
import type { CommandBatchOptions } from './command-batch-options.ts';

/** Pilots as batch jobs of PBS. */
export function pbsBatch(options: CommandBatchOptions): BatchSystem {
  throw new DomainError('unavailable', `PBS in ${options.folder} cannot be used yet`);
}
