import { z } from 'zod';
import { catcherSchema, inspectCatching, retrierSchema } from '../catching.ts';
import type { Catcher, Retrier } from '../catching.ts';
import { flowLimits } from '../flow-limits.ts';
import { readShown } from '../flow-scope.ts';
import type { Shown } from '../flow-scope.ts';
import type { JsonObject } from '../../json.ts';
import { evaluateParameters, inspectParameters } from '../parameters.ts';
import { errorNames } from '../state-error.ts';
import { neverWaits } from '../state-kind.ts';
import type { StateKind, StateVisit } from '../state-kind.ts';
import type { SubFlow } from '../sub-flow.ts';
import { objectSchema, transitionShape } from './state-fields.ts';

/** A state of type Parallel, as parsed. */
export interface ParallelState {
  Type: 'Parallel';
  Comment?: string | undefined;
  Next?: string | undefined;
  End?: boolean | undefined;
  Branches: SubFlow[];
  Parameters?: JsonObject | undefined;
  InputPath?: string | undefined;
  /** All: the list of what the branches left. First: what the first that ended well left. */
  CompleteWhen?: 'All' | 'First' | undefined;
  ResultPath: string;
  Catch?: Catcher[] | undefined;
  Retry?: Retrier[] | undefined;
}

/**
 * Runs several small flows beside each other, each on a state document of its own; the result is
 * the list of their documents. Of the Amazon States Language. With `CompleteWhen: "First"`, our
 * own, it is a race: the first branch that ends well decides, the others are canceled.
 */
export function parallelState(subFlow: z.ZodType<SubFlow>): StateKind<ParallelState> {
  return {
    schema: z.strictObject({
      Type: z.literal('Parallel'),
      ...transitionShape,
      Branches: z.array(subFlow).min(1).max(flowLimits.parallelBranches),
      Parameters: objectSchema.optional(),
      InputPath: z.string().optional(),
      CompleteWhen: z.enum(['All', 'First']).optional(),
      ResultPath: z.string('say where the list of results goes, such as "$.results"'),
      Catch: z.array(catcherSchema).optional(),
      Retry: z.array(retrierSchema).optional(),
    }),
    blocks: true,
    globus: false,
    inspect(state, inspection) {
      inspection.transition(state);
      inspection.oneOf(state, ['Parameters', 'InputPath'], false);
      inspectParameters(state.Parameters ?? {}, ['Parameters'], inspection);
      if (state.InputPath !== undefined) inspection.readPath(['InputPath'], state.InputPath);
      if (isRace(state)) {
        const msg = 'CompleteWhen is an extension of ours; no other system runs this as a race';
        inspection.warn(['CompleteWhen'], 'extension', msg);
        inspection.writePath(['ResultPath'], state.ResultPath);
      } else inspection.writeListPath(['ResultPath'], state.ResultPath);
      inspectCatching(state, inspection);
    },
    enter(state, visit) {
      const total = state.Branches.length;
      const input = parallelInput(state, visit);
      return { kind: 'fanOut', total, mostAtOnce: total, isRace: isRace(state), input };
    },
    receive: neverWaits,
  };
}

function isRace({ CompleteWhen: when }: ParallelState): boolean {
  return when === 'First';
}

/** The state document that every branch of a Parallel state begins with. */
export function parallelInput(state: ParallelState, { scope }: StateVisit): Shown {
  if (state.Parameters !== undefined) return evaluateParameters(state.Parameters, scope);
  return readShown(scope, state.InputPath ?? '$', errorNames.parameters);
}
