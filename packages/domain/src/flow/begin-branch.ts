import { placeOf } from './branch-path.ts';
import { newFlowBranch } from './flow-progress.ts';
import type { FlowBranch } from './flow-progress.ts';
import type { Shown } from './flow-scope.ts';
import { isJsonObject } from '../json.ts';
import { errorNames, StateError } from './state-error.ts';
import type { StateVisit } from './state-kind.ts';
import { itemInput } from './states/map-state.ts';
import type { FlowState } from './states/state-kinds.ts';
import { stateInput } from './states/state-input.ts';
import { subFlowsOf } from './sub-flow.ts';
import { checkSize, problemOfInput } from './write-result.ts';

/**
 * A new branch of a Parallel or Map state, whose visit is given, and the state that it enters
 * first. The input is made only now, from the document of the state: thousands of items that wait
 * for their turn take no room. A `StateError` when it cannot be made.
 */
export function beginBranch(
  state: FlowState,
  visit: StateVisit,
  index: number,
): { branch: FlowBranch; next: string } | StateError {
  const { path, state: name, step: parentStep } = visit.branch;
  const here = [...path, name, index];
  const flows = subFlowsOf(state);
  const next = flows[state.Type === 'Parallel' ? index : 0]?.flow.StartAt ?? '';
  try {
    const { value: data, privatePaths } = inputOf(state, visit, index);
    const what = `the input of ${placeOf(here, next)}`;
    const sizeBytes = checkSize(data, what);
    const problem = problemOfInput(data);
    if (problem !== null || !isJsonObject(data)) {
      return new StateError(errorNames.map, `${what}: ${problem}`);
    }
    const inner = { parentStep, index, data, privatePaths, sizeBytes };
    return { branch: { ...newFlowBranch(visit.now), path: here, inner }, next };
  } catch (error) {
    if (error instanceof StateError) return error;
    throw error;
  }
}

function inputOf(state: FlowState, visit: StateVisit, index: number): Shown {
  if (state.Type === 'Parallel') return stateInput(state, visit.scope);
  if (state.Type === 'Map') return itemInput(state, visit, index);
  throw new RangeError(`a state of type ${state.Type} has no branches`);
}
