import type { JsonObject } from '../json.ts';
import type { Instant } from '../time.ts';
import { findRule, nextRetry } from './catching.ts';
import type { Catcher } from './catching.ts';
import type { BranchWait, FlowBranch } from './flow-progress.ts';
import type { StateError } from './state-error.ts';
import type { FlowState } from './states/state-kinds.ts';

/** What becomes of a branch whose state failed. */
type AnswerToError =
  | { kind: 'retry'; retries: number[]; wait: BranchWait & { kind: 'retry' } }
  | { kind: 'catch'; next: string; resultPath: string; document: JsonObject }
  | { kind: 'fail' };

/** What a state's Retry and Catch rules say to an error: Retry first. */
export function answerToError(
  state: FlowState,
  branch: FlowBranch,
  error: StateError,
  now: Instant,
): AnswerToError {
  const rules = 'Retry' in state ? state.Retry : undefined;
  const retry = nextRetry({ rules, spent: branch.retries, error: error.errorName }, now);
  if (retry !== null) {
    const { retries, ...wait } = retry;
    return { kind: 'retry', retries, wait: { kind: 'retry', ...wait } };
  }
  const catchers: Catcher[] = ('Catch' in state ? state.Catch : undefined) ?? [];
  const catcher = catchers[findRule(catchers, error.errorName)];
  if (catcher === undefined) return { kind: 'fail' };
  const names = { Error: error.errorName, Cause: error.message };
  const document = { state_name: branch.state, ...error.output, ...names };
  return { kind: 'catch', next: catcher.Next, resultPath: catcher.ResultPath ?? '$', document };
}
