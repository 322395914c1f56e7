import type { Fault } from '../../error.ts';
import { isJsonObject } from '../../json.ts';
import type { Json, JsonObject, JsonTrail } from '../../json.ts';
import { actionInputSchemas } from '../action-inputs.ts';
import { parseDefinition } from '../definition.ts';
import { inspectFlows } from '../inspect-flows.ts';
import type { InspectedFlow } from '../inspect-flows.ts';
import { parameterNames } from '../parameters.ts';
import { providerOf } from '../states/action-state.ts';
import type { ActionState } from '../states/action-state.ts';
import { checkInputSchema } from '../validate-input.ts';
import { foreignFields } from './foreign-dialects.ts';
import { foreignAction, mappedName } from './foreign-mapping.ts';
import type { ForeignAction, ForeignKind, ForeignMapping } from './foreign-mapping.ts';

/** Something in a definition that nothing here stands for yet. */
export interface ImportNeed {
  /** An address of an action, or an id of something that the hub's mapping can name. */
  kind: 'action' | ForeignKind;
  id: string;
  loc: JsonTrail;
}

/** Whether a definition written elsewhere runs here, and what stands in its way. */
export interface ImportCheck {
  imports: boolean;
  faults: Fault[];
  needs: ImportNeed[];
  warnings: Fault[];
}

/** Checks a definition, its input schema, and what its actions name; all at once. */
export function checkImport(
  definition: unknown,
  inputSchema: JsonObject,
  mapping: ForeignMapping,
): ImportCheck {
  const parsed = parseDefinition(definition, inputSchema);
  const found: ImportCheck = { imports: false, faults: [], needs: [], warnings: [] };
  const place = (part: string, fault: Fault): Fault => ({ ...fault, loc: [part, ...fault.loc] });
  found.faults.push(...checkInputSchema(inputSchema).map((fault) => place('inputSchema', fault)));
  if ('faults' in parsed) {
    found.faults.push(...parsed.faults.map((fault) => place('definition', fault)));
    return found;
  }
  found.warnings.push(...parsed.warnings.map((fault) => place('definition', fault)));
  const flows = inspectFlows(parsed.definition);
  const computed = new Set<string>();
  for (const { flow, at } of flows) {
    for (const [name, state] of Object.entries(flow.States)) {
      if (state.Type !== 'Action') continue;
      const loc = ['definition', ...at, 'States', name];
      if (checkAction(state, loc, mapping, found) !== 'interpulse:compute') continue;
      computed.add((state.ResultPath ?? '$').split('.')[1] ?? '');
    }
  }
  found.faults.push(...readsOfAnswers(flows, computed));
  found.imports = found.faults.length === 0 && found.needs.length === 0;
  return found;
}

/** Checks one action; which of ours stands in for a foreign one, or null. */
function checkAction(
  state: ActionState,
  loc: JsonTrail,
  mapping: ForeignMapping,
  found: ImportCheck,
): ForeignAction | null {
  const provider = providerOf(state);
  const own = provider.replace(/^interpulse:/, '');
  if (own !== provider && Object.hasOwn(actionInputSchemas, own)) return null;
  const action = foreignAction(provider, mapping);
  if (action === null) {
    const at = [...loc, state.Handler === undefined ? 'ActionUrl' : 'Handler'];
    found.needs.push({ kind: 'action', id: provider, loc: at });
    return null;
  }
  const { Parameters: parameters } = state;
  if (parameters === undefined) return action;
  const fields = foreignFields[action];
  for (const name of parameterNames(parameters)) {
    if (Object.hasOwn(fields, name)) continue;
    const msg = `${provider} takes no ${name} here`;
    found.faults.push({ loc: [...loc, 'Parameters', name], msg, type: 'unknown_parameter' });
  }
  checkIds(parameters, { loc: [...loc, 'Parameters'], action, mapping, found });
  return action;
}

/** Looks for ids in constants; those that come with the input are told as warnings. */
function checkIds(
  value: Json,
  at: { loc: JsonTrail; action: ForeignAction; mapping: ForeignMapping; found: ImportCheck },
): void {
  const { loc, action, mapping, found } = at;
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) checkIds(inner, { ...at, loc: [...loc, index] });
  }
  if (!isJsonObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const here = [...loc, key];
    const [name = ''] = parameterNames({ [key]: inner });
    const field = Object.hasOwn(foreignFields[action], name)
      ? foreignFields[action][name]
      : undefined;
    // What kwargs hold is the app's, whatever it is called.
    if (name === 'kwargs' || name === 'args') continue;
    if (typeof field !== 'object') checkIds(inner, { ...at, loc: here });
    else if (key !== name) {
      const msg = `the id comes with the run: it must be in mapping.${field.ids} of the hub`;
      found.warnings.push({ loc: here, msg, type: 'id_from_input' });
    } else if (typeof inner === 'string' && mappedName(field.ids, inner, mapping) === null) {
      found.needs.push({ kind: field.ids, id: inner, loc: here });
    }
  }
}

/** Globus' compute gives the value that a function returned; a job here leaves files. */
function readsOfAnswers(flows: readonly InspectedFlow[], computed: Set<string>): Fault[] {
  const reads = flows.flatMap(({ states }) => [...states.values()].flatMap((each) => each.reads));
  return reads.flatMap(({ trail, loc }): Fault[] => {
    const [first, second, third] = trail;
    const asks = second === 'details' && (third === 'result' || third === 'results');
    if (!asks || !computed.has(String(first))) return [];
    const msg = `a job gives details.outputs (its files), no details.${third}`;
    return [{ loc: ['definition', ...loc], msg, type: 'no_result' }];
  });
}
