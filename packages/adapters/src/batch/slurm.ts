import { DomainError } from '@interpulse/domain/error.ts';
import type { BatchSystem } from './batch-system.ts';
import type { CommandBatchOptions } from './command-batch-options.ts';

/** Pilots as batch jobs of Slurm. */
export function slurmBatch(options: CommandBatchOptions): BatchSystem {
  throw new DomainError('unavailable', `Slurm in ${options.folder} cannot be used yet`);
}
