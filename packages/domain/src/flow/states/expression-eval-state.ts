import { z } from 'zod';
import { evaluateParameters, inspectParameters } from '../parameters.ts';
import { neverWaits } from '../state-kind.ts';
import type { StateKind } from '../state-kind.ts';
import { objectSchema, transitionShape } from './state-fields.ts';

const expressionEvalSchema = z.strictObject({
  Type: z.literal('ExpressionEval'),
  ...transitionShape,
  Parameters: objectSchema,
  ResultPath: z.string(),
});

/** A state of type ExpressionEval, as parsed. */
export type ExpressionEvalState = z.infer<typeof expressionEvalSchema>;

/** Computes named values from the state document and writes them into it. */
export const expressionEvalState: StateKind<ExpressionEvalState> = {
  schema: expressionEvalSchema,
  blocks: false,
  globus: true,
  inspect(state, inspection) {
    inspection.transition(state);
    inspectParameters(state.Parameters, ['Parameters'], inspection);
    inspection.writePath(['ResultPath'], state.ResultPath);
  },
  enter(state, { scope }) {
    const output = evaluateParameters(state.Parameters, scope);
    return { kind: 'done', output, resultPath: state.ResultPath, input: null };
  },
  receive: neverWaits,
};
