import { z } from 'zod';
import type { Shown } from '../flow-scope.ts';
import { neverWaits } from '../state-kind.ts';
import type { StateKind, StateVisit } from '../state-kind.ts';
import { objectSchema, transitionShape } from './state-fields.ts';
import { inspectStateInput, stateInput } from './state-input.ts';

const passSchema = z.strictObject({
  Type: z.literal('Pass'),
  ...transitionShape,
  Parameters: objectSchema.optional(),
  InputPath: z.string().optional(),
  Result: objectSchema.optional(),
  ResultPath: z.string().optional(),
});

/** A state of type Pass, as parsed. */
export type PassState = z.infer<typeof passSchema>;

/** Moves or makes values; with nothing but Next or End it only gives a place a name. */
export const passState: StateKind<PassState> = {
  schema: passSchema,
  blocks: false,
  globus: true,
  inspect(state, inspection) {
    inspection.transition(state);
    inspection.oneOf(state, ['Parameters', 'InputPath', 'Result'], false);
    inspectStateInput(state, inspection);
    const makes = state.Parameters ?? state.InputPath ?? state.Result;
    if (makes !== undefined || state.ResultPath !== undefined) {
      inspection.writePath(['ResultPath'], state.ResultPath ?? '$');
    }
    if (makes !== undefined) inspection.warnReplaced(state, 'output');
  },
  enter(state, visit) {
    const resultPath = state.ResultPath ?? '$';
    return { kind: 'done', output: outputOf(state, visit), resultPath, input: null };
  },
  receive: neverWaits,
};

function outputOf(state: PassState, { scope }: StateVisit): Shown | null {
  if (state.Result !== undefined) return { value: state.Result, privatePaths: [] };
  const isPlace = (state.Parameters ?? state.InputPath) === undefined;
  return isPlace && (state.ResultPath ?? '$') === '$' ? null : stateInput(state, scope);
}
