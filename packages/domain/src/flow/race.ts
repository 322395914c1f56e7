import { placeOf } from './branch-path.ts';
import { expectedSteps } from './expected-steps.ts';
import type { ExpectedTimes } from './expected-times.ts';
import { flowLimits } from './flow-limits.ts';
import type { FailedRacer, FlowBranch } from './flow-progress.ts';
import type { Shown } from './flow-scope.ts';
import type { JsonObject } from '../json.ts';
import type { ParentBranch } from './open-branches.ts';
import { errorNames, StateError } from './state-error.ts';
import type { FlowState } from './states/state-kinds.ts';
import { allStates, subFlowsOf, type SubFlow } from './sub-flow.ts';
import { secondsBetween } from '../time.ts';
import type { Instant } from '../time.ts';

/** A Parallel state of which the first branch to end well decides. */
export type RaceBranch = ParentBranch & { wait: { failed: FailedRacer[] } };

/** Whether a Parallel or Map state's branches race. */
export function isRace(parent: ParentBranch): parent is RaceBranch {
  return parent.wait.failed !== undefined;
}

/** Whether a flow has a race: its result says how much longer the losers would have taken. */
export function hasRace(flow: SubFlow): boolean {
  return [...allStates(flow).values()].some(
    (state) => state.Type === 'Parallel' && state.CompleteWhen === 'First',
  );
}

/** What is kept of a branch that failed while others go on. */
export function failedRacer(
  { path, state }: FlowBranch,
  { error, cause }: { error: string; cause: string },
): FailedRacer {
  const said = `${placeOf(path.slice(-2), state)}: ${cause}`.slice(0, flowLimits.causeCharacters);
  return { index: Number(path.at(-1)), error, cause: said };
}

/** The error of a race that nobody won; it has the causes of all. */
export function raceLost({ wait }: ParentBranch): StateError {
  const failed = inOrder(wait.failed ?? []);
  const causes = failed.map(({ cause }) => cause).join('; ');
  const cause = `no branch ended well: ${causes}`.slice(0, flowLimits.causeCharacters);
  return new StateError(errorNames.race, cause, { failed: failed.map(factsOf) });
}

/**
 * The result of a race: which branch won after how many seconds, the state document that it left,
 * and how it stood with each other one. `predicted_seconds_left` is what earlier runs say that a
 * branch would have needed still, null where they say nothing.
 */
export function raceResult(
  parent: RaceBranch,
  state: FlowState,
  ends: { winner: FlowBranch; others: readonly FlowBranch[]; times: ExpectedTimes },
  now: Instant,
): Shown {
  const { winner, times } = ends;
  const depth = parent.path.length + 2;
  const flows = subFlowsOf(state);
  const index = Number(winner.path.at(-1));
  const left = ends.others
    .filter(({ path }) => path.length === depth)
    .map((branch): [number, JsonObject] => {
      const at = Number(branch.path.at(-1));
      const States = flows[at]?.flow.States ?? {};
      const seconds = expectedSteps({ States }, times, branch, now).at(-1)?.endSeconds ?? null;
      const facts = { status: 'CANCELED', state_name: branch.state };
      return [at, { index: at, ...facts, predicted_seconds_left: seconds }];
    });
  const known = new Map([
    ...left,
    ...parent.wait.failed.map((each): [number, JsonObject] => [each.index, factsOf(each)]),
  ]);
  const others = flows.flatMap((_, at): JsonObject[] =>
    at === index ? [] : [known.get(at) ?? { index: at, status: 'NOT_STARTED' }],
  );
  const seconds = secondsBetween(parent.enteredAt, now);
  const value = { index, seconds, result: winner.inner?.data ?? {}, others };
  const privatePaths = (winner.inner?.privatePaths ?? []).map((path) => ['result', ...path]);
  return { value, privatePaths };
}

function factsOf({ index, error, cause }: FailedRacer): JsonObject {
  return { index, status: 'FAILED', error, cause };
}

/** They failed in any order, and what is said of them shall not depend on it. */
function inOrder(failed: readonly FailedRacer[]): FailedRacer[] {
  return failed.toSorted((one, other) => one.index - other.index);
}
