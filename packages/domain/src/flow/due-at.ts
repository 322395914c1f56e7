import type { Instant } from '../time.ts';
import type { BranchWait } from './flow-progress.ts';

/** When the timer of what a branch waits for is due; null when it has none. */
export function dueAtOf(wait: BranchWait | null): Instant | null {
  if (wait === null || wait.kind === 'webInput') return null;
  if (wait.kind === 'branches') return wait.restsUntil ?? null;
  return wait.kind === 'action' ? wait.timeoutAt : wait.dueAt;
}
