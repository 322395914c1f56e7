import type { z } from 'zod';
import type { Fault } from '../error.ts';
import { actionInputSchemas } from './action-inputs.ts';
import { faultsOfOutline } from './faults-of-outline.ts';
import type { InspectedFlow } from './inspect-flows.ts';
import { outlineParameters, placeOfParameter } from './outline-parameters.ts';
import { providerOf } from './states/action-state.ts';
import type { ActionState } from './states/action-state.ts';

const own = 'interpulse:';
const schemas: Readonly<Record<string, z.ZodType>> = actionInputSchemas;

/**
 * Faults of what the built-in actions of a flow are given: with these no flow run could come
 * through the state. What is computed is taken as right.
 */
export function checkActionInputs({ flow, at }: InspectedFlow): Fault[] {
  return Object.entries(flow.States).flatMap(([name, state]) => {
    if (state.Type !== 'Action') return [];
    const here = [...at, 'States', name];
    return faultsOfAction(state).map((fault) => ({ ...fault, loc: [...here, ...fault.loc] }));
  });
}

function faultsOfAction(state: ActionState): Fault[] {
  const provider = providerOf(state);
  if (!provider.startsWith(own)) return [];
  const action = provider.slice(own.length);
  const schema = Object.hasOwn(schemas, action) ? schemas[action] : undefined;
  if (schema === undefined) {
    const known = Object.keys(schemas).map((each) => own + each);
    const msg = `${provider} is not an action here; use ${known.join(', ')}`;
    const loc = state.Handler === undefined ? ['ActionUrl'] : ['Handler', 'Url'];
    return [{ loc, msg, type: 'unknown_action' }];
  }
  const { Parameters: parameters } = state;
  if (parameters === undefined) return [];
  return faultsOfOutline(schema, outlineParameters(parameters)).map((fault) => ({
    ...fault,
    loc: ['Parameters', ...placeOfParameter(parameters, fault.loc)],
  }));
}
