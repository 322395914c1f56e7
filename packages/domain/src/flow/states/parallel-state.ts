import { z } from 'zod';
import { catcherSchema, inspectCatching, retrierSchema } from '../catching.ts';
import type { Catcher, Retrier } from '../catching.ts';
import { flowLimits } from '../flow-limits.ts';
import type { JsonObject } from '../../json.ts';
import { neverWaits } from '../state-kind.ts';
import type { StateKind } from '../state-kind.ts';
import type { SubFlow } from '../sub-flow.ts';
import { objectSchema, transitionShape } from './state-fields.ts';
import { inspectStateInput, stateInput } from './state-input.ts';

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
      inspectStateInput(state, inspection);
      if (isRace(state)) {
        const msg = 'CompleteWhen is an extension of ours; no other system runs this as a race';
        inspection.warn(['CompleteWhen'], 'extension', msg);
        inspection.writePath(['ResultPath'], state.ResultPath);
      } else inspection.writeListPath(['ResultPath'], state.ResultPath);
      inspectCatching(state, inspection);
    },
    enter(state, visit) {
      const total = state.Branches.length;
      const input = stateInput(state, visit.scope);
      return { kind: 'fanOut', total, mostAtOnce: total, isRace: isRace(state), input };
    },
    receive: neverWaits,
  };
}

function isRace({ CompleteWhen: when }: ParallelState): boolean {
  return when === 'First';
}
