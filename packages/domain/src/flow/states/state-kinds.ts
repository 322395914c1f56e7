import { actionState } from './action-state.ts';
import { awaitWebInputState } from './await-web-input-state.ts';
import { choiceState } from './choice-state.ts';
import { createWebInputState } from './create-web-input-state.ts';
import { expressionEvalState } from './expression-eval-state.ts';
import { failState } from './fail-state.ts';
import { mapState } from './map-state.ts';
import { parallelState } from './parallel-state.ts';
import { passState } from './pass-state.ts';
import { succeedState } from './succeed-state.ts';
import { waitState } from './wait-state.ts';
import type { StateKind } from '../state-kind.ts';
import type { SubFlow } from '../sub-flow.ts';
import { z } from 'zod';

const subFlowSchema: z.ZodType<SubFlow> = z.lazy(() =>
  z.strictObject({
    Comment: z.string().optional(),
    StartAt: z.string().min(1),
    States: z.record(z.string().min(1), stateSchema),
  }),
);

/** Every kind of state by its Type. A new kind is one file and one line here. */
export const stateKinds = {
  Action: actionState,
  AwaitWebInput: awaitWebInputState,
  Choice: choiceState,
  CreateWebInput: createWebInputState,
  ExpressionEval: expressionEvalState,
  Fail: failState,
  Map: mapState(subFlowSchema),
  Parallel: parallelState(subFlowSchema),
  Pass: passState,
  Succeed: succeedState,
  Wait: waitState,
};

/** Any state of a definition, as parsed. */
export type FlowState = {
  [Type in keyof typeof stateKinds]: z.infer<(typeof stateKinds)[Type]['schema']>;
}[keyof typeof stateKinds];

/** The kind of a state: the record pairs each Type with its own kind. */
export function kindOf(state: FlowState): StateKind<FlowState> {
  return stateKinds[state.Type];
}

const [first, ...others] = Object.values(stateKinds).map((kind) => kind.schema);

/** One state of any kind. */
export const stateSchema: z.ZodType<FlowState> = z.discriminatedUnion('Type', [
  first as typeof stateKinds.Pass.schema & z.core.$ZodTypeDiscriminable,
  ...(others as (typeof stateKinds.Pass.schema & z.core.$ZodTypeDiscriminable)[]),
]);
