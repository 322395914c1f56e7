import type { z } from 'zod';
import { flowLimits } from './flow-limits.ts';
import type { FlowBranch, FlowEffect, FlowEvent, BranchWait } from './flow-progress.ts';
import type { FlowScope, Shown } from './flow-scope.ts';
import type { JsonObject } from '../json.ts';
import type { StateInspection } from './state-inspection.ts';
import { StateError } from './state-error.ts';
import type { Instant } from '../time.ts';

/** What a state sees when it is entered or hears of an event. */
export interface StateVisit {
  branch: FlowBranch;
  scope: FlowScope;
  now: Instant;
}

/** Events that concern one step. */
export type StepEvent = Exclude<
  FlowEvent,
  { kind: 'started' | 'canceled' | 'resumed' | 'deadlineMoved' }
>;

/** What a state wants to happen next. */
export type StateOutcome =
  /** It is over: write `output` (if any) at `resultPath`, go where Next or End says. */
  | { kind: 'done'; output: Shown | null; resultPath: string; input: Shown | null }
  /** It is over and chose the next state itself. */
  | { kind: 'goTo'; next: string; details: JsonObject }
  /** It waits, after these effects. */
  | { kind: 'block'; wait: BranchWait; effects: FlowEffect[]; input: Shown | null }
  /** It waits for branches of its own, of which `mostAtOnce` may be under way together. */
  | {
      kind: 'fanOut';
      total: number;
      mostAtOnce: number;
      /** Whether the first that ends well decides. */
      isRace: boolean;
      input: Shown | null;
    }
  /** It failed: Retry and Catch apply. Effects come first. */
  | { kind: 'raise'; error: StateError; effects: FlowEffect[] }
  /** The flow ends here by its author's will. */
  | { kind: 'end'; failure: { error: string; cause: string } | null }
  /** The event does not concern the state now. */
  | { kind: 'refuse'; reason: 'otherStep' | 'repeated' | 'early' | 'invalid'; message: string };

/** One kind of state: its schema, its checks, and what it does. One file each in `states/`. */
export interface StateKind<State> {
  schema: z.ZodType<State>;
  /** Whether it may wait for something outside. */
  blocks: boolean;
  /** Whether Globus knows it; ours stay at home when a definition is exported. */
  globus: boolean;
  inspect(state: State, inspection: StateInspection): void;
  /** May throw a `StateError`, which is the same as raising it. */
  enter(state: State, visit: StateVisit): StateOutcome;
  /** Called only for the step that the branch is at. May throw a `StateError`. */
  receive(state: State, visit: StateVisit, event: StepEvent): StateOutcome;
}

/** A state that fails. A Catcher finds `output` beside the names of state, error and cause. */
export function raises(
  errorName: string,
  cause: string,
  output: JsonObject = {},
): StateOutcome & { kind: 'raise' } {
  const error = new StateError(errorName, cause.slice(0, flowLimits.causeCharacters), output);
  return { kind: 'raise', error, effects: [] };
}

/** The `receive` of kinds that never wait. */
export function neverWaits(): StateOutcome {
  return { kind: 'refuse', reason: 'otherStep', message: 'the step does not wait for anything' };
}
