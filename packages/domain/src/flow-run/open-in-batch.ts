import type { FlowBatch } from './flow-batch.ts';

/** Flow runs of a bulk start that have not ended; those that wait to be started are among them. */
export function openInBatch({
  waiting,
  byStatus,
}: Pick<FlowBatch, 'waiting' | 'byStatus'>): number {
  return waiting + (byStatus.ACTIVE ?? 0) + (byStatus.INACTIVE ?? 0);
}
