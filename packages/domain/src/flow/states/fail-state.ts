import { z } from 'zod';
import { flowLimits } from '../flow-limits.ts';
import { readShown } from '../flow-scope.ts';
import { redacted } from '../redact.ts';
import { errorNames } from '../state-error.ts';
import { neverWaits } from '../state-kind.ts';
import type { StateKind, StateVisit } from '../state-kind.ts';

const failSchema = z.strictObject({
  Type: z.literal('Fail'),
  Comment: z.string().optional(),
  Error: z.string().optional(),
  ErrorPath: z.string().optional(),
  Cause: z.string().optional(),
  CausePath: z.string().optional(),
});

/** A state of type Fail, as parsed. */
export type FailState = z.infer<typeof failSchema>;

/** Ends the run as FAILED, with a short code and a sentence. */
export const failState: StateKind<FailState> = {
  schema: failSchema,
  blocks: false,
  globus: true,
  inspect(state, inspection) {
    inspection.ends = true;
    inspection.oneOf(state, ['Error', 'ErrorPath'], false);
    inspection.oneOf(state, ['Cause', 'CausePath'], false);
    for (const field of ['ErrorPath', 'CausePath'] as const) {
      const path = state[field];
      if (path !== undefined) inspection.readPath([field], path);
    }
  },
  enter(state, visit) {
    const error = textOf(state.Error, state.ErrorPath, visit) || 'Fail';
    const cause = textOf(state.Cause, state.CausePath, visit);
    return { kind: 'end', failure: { error, cause: cause || 'the flow ended in a Fail state' } };
  },
  receive: neverWaits,
};

function textOf(text: string | undefined, path: string | undefined, { scope }: StateVisit): string {
  if (path === undefined) return text ?? '';
  const { value, privatePaths } = readShown(scope, path, errorNames.parameters);
  if (privatePaths.length > 0) return redacted;
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  return written.slice(0, flowLimits.causeCharacters);
}
