import type { BranchWait } from './flow-progress.ts';

/** Whether a branch stands still until a person does something: consents, or answers. */
export function needsPerson(wait: BranchWait | null): boolean {
  if (wait?.kind === 'action') return wait.stalled !== null;
  return wait?.kind === 'webInput' && wait.webInputId !== null && wait.title !== null;
}
