import type { JsonObject } from '../json.ts';

/**
 * Names of errors raised while a flow runs. The first four are Globus'; the others are ours, for
 * what the language leaves unnamed.
 */
export const errorNames = {
  unableToRun: 'ActionUnableToRun',
  actionFailed: 'ActionFailedException',
  actionTimeout: 'ActionTimeout',
  webInputExpired: 'Flows.WebInputExpired',
  parameters: 'Flows.ParametersError',
  expression: 'Flows.ExpressionError',
  resultPath: 'Flows.ResultPathError',
  choice: 'Flows.ChoiceError',
  wait: 'Flows.WaitError',
  map: 'Flows.MapError',
  /** Of a race no branch ended well. */
  race: 'Flows.RaceError',
  /** A question that cannot be asked, or is none of this flow run. */
  webInput: 'Flows.WebInputError',
  /** Never caught: a run that has passed a limit ends. */
  limit: 'Flows.LimitExceeded',
} as const;

/** The name by which a catcher or retrier takes every error but a passed limit. */
export const anyError = 'States.ALL';

/**
 * Raised by a state while it is evaluated, and turned into the flow's own exception handling by
 * `advanceFlow`; it never leaves this folder. `output` is what a catcher writes to its ResultPath.
 */
export class StateError extends Error {
  readonly errorName: string;
  readonly output: JsonObject;

  constructor(errorName: string, message: string, output: JsonObject = {}) {
    super(message);
    this.name = 'StateError';
    this.errorName = errorName;
    this.output = output;
  }
}
