import type { JsonObject } from '../../json.ts';
import { readShown } from '../flow-scope.ts';
import type { FlowScope, Shown } from '../flow-scope.ts';
import { evaluateParameters, inspectParameters } from '../parameters.ts';
import { errorNames } from '../state-error.ts';
import type { StateInspection } from '../state-inspection.ts';

/** How a state says what it works on; `inspection.oneOf` sees to it that it says so once. */
interface InputFields {
  Parameters?: JsonObject | undefined;
  InputPath?: string | undefined;
}

/**
 * What a state works on: its Parameters, evaluated, or what InputPath leads to; the whole document
 * when it has neither. Throws a `StateError` when a path or expression fails.
 */
export function stateInput({ Parameters, InputPath = '$' }: InputFields, scope: FlowScope): Shown {
  if (Parameters !== undefined) return evaluateParameters(Parameters, scope);
  return readShown(scope, InputPath, errorNames.parameters);
}

/** Checks what a state says of its input, and notes what it reads. */
export function inspectStateInput(
  { Parameters = {}, InputPath }: InputFields,
  inspection: StateInspection,
): void {
  inspectParameters(Parameters, ['Parameters'], inspection);
  if (InputPath !== undefined) inspection.readPath(['InputPath'], InputPath);
}
