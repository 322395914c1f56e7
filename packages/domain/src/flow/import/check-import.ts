import type { Fault } from '../../error.ts';
import { isJsonObject } from '../../json.ts';
import type { Json, JsonObject, JsonTrail } from '../../json.ts';
import { actionInputSchemas } from '../action-inputs.ts';
import { parseDefinition } from '../definition.ts';
import { inspectFlows } from '../inspect-flows.ts';
import type { InspectedFlow } from '../inspect-flows.ts';
import { parameterNames } from '../parameters.ts';
import { isRegistered, providerOf } from '../states/action-state.ts';
import type { ActionState } from '../states/action-state.ts';
import { unknownNames } from '../unknown-names.ts';
import type { KnownNames } from '../unknown-names.ts';
import { checkInputSchema } from '../validate-input.ts';
import { mappedPrincipal } from '../../web-input/respondents.ts';
import { accountNeeds } from './account-needs.ts';
import type { FlowAccounts } from './account-needs.ts';
import { foreignFields, passedOverReasons } from './foreign-dialects.ts';
import { foreignAction, mappedName } from './foreign-mapping.ts';
import type { ForeignAction, ForeignKind, ForeignMapping } from './foreign-mapping.ts';
import { foreignPath } from './foreign-path.ts';
import { knownForeignActions } from './known-foreign-actions.ts';
import { respondentNeeds } from './respondent-needs.ts';

/** Something in a definition that nothing here stands for yet. */
export interface ImportNeed {
  /** An address of an action, or an id of something that the hub's mapping can name. */
  kind: 'action' | 'principals' | 'accounts' | ForeignKind;
  id: string;
  loc: JsonTrail;
  /** What is missing, and what to do. */
  msg: string;
}

/** Whether a definition written elsewhere runs here, and what stands in its way. */
export interface ImportCheck {
  imports: boolean;
  faults: Fault[];
  needs: ImportNeed[];
  warnings: Fault[];
}

/** What there is at this hub, so that a mapping to what is not there is told. */
export interface KnownHere extends KnownNames {
  /** Whether flows may use the action provider at an address. */
  isProvider(address: string): boolean;
}

interface Checking {
  mapping: ForeignMapping;
  /** Null where nothing is known: names are not looked up then. */
  known: KnownHere | null;
  found: ImportCheck;
}

/** Checks a definition, its input schema, and what its actions name; all at once. */
export function checkImport(
  definition: unknown,
  inputSchema: JsonObject,
  mapping: ForeignMapping,
  known: KnownHere | null = null,
  accounts: FlowAccounts = { serviceAccount: null, roles: {} },
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
      const loc = ['definition', ...at, 'States', name];
      if (state.Type === 'CreateWebInput') {
        found.needs.push(...respondentNeeds(state, loc, mapping));
      }
      if (state.Type !== 'Action') continue;
      found.needs.push(...accountNeeds(state, loc, accounts));
      const action = checkAction(state, loc, { mapping, known, found });
      if (action !== 'interpulse:compute') continue;
      computed.add((state.ResultPath ?? '$').split('.')[1] ?? '');
    }
  }
  found.warnings.push(...readsOfAnswers(flows, computed));
  const unknown = known === null ? [] : unknownNames(flows, known);
  found.warnings.push(...unknown.map((fault) => place('definition', fault)));
  found.imports = found.faults.length === 0 && found.needs.length === 0;
  return found;
}

/** Checks one action; which of ours stands in for a foreign one, or null. */
function checkAction(state: ActionState, loc: JsonTrail, checking: Checking): ForeignAction | null {
  const { mapping, known, found } = checking;
  const provider = providerOf(state);
  const own = provider.replace(/^interpulse:/, '');
  if (own !== provider && Object.hasOwn(actionInputSchemas, own)) return null;
  const action = foreignAction(provider, mapping);
  const where = [...loc, state.Handler === undefined ? 'ActionUrl' : 'Handler'];
  if (action === null) {
    if (known?.isProvider(provider) === true) return null;
    found.needs.push({ kind: 'action', id: provider, loc: where, msg: adviceFor(provider) });
    return null;
  }
  if (action === 'interpulse:skip') {
    const msg = `${provider} is passed over: the step does nothing here, and says so`;
    found.warnings.push({ loc: where, msg, type: 'skipped_action' });
    return action;
  }
  const { Parameters: parameters } = state;
  if (parameters === undefined) return action;
  checkFields(parameters, [...loc, 'Parameters'], provider, action, found);
  checkValues(parameters, [...loc, 'Parameters'], action, checking);
  if (action === 'interpulse:access') {
    checkPermission(parameters, [...loc, 'Parameters'], checking);
  }
  return action;
}

/** Rights are given by roles here: the step looks whether they are there. */
function checkPermission(
  { principal }: JsonObject,
  loc: JsonTrail,
  { mapping, found }: Checking,
): void {
  const looks = 'gives no rights: it ends well where whom it names has them by a role in a project';
  found.warnings.push({ loc, msg: `the step ${looks}`, type: 'looks_for_rights' });
  if (typeof principal !== 'string') return;
  if (mappedPrincipal(principal, mapping.principals) !== null) return;
  const here = [...loc, 'principal'];
  const way = 'map it to user:NAME or project:NAME in mapping.principals';
  const msg = `${principal} is nobody here; ${way}`;
  found.needs.push({ kind: 'principals', id: principal, loc: here, msg });
}

function adviceFor(provider: string): string {
  const known = knownForeignActions.get(provider.replace(/\/+$/, ''));
  const missing = `no action here stands for ${provider}`;
  if (isRegistered(provider)) {
    return `${missing}: registered APIs exist at Globus only; map it in mapping.actions`;
  }
  return known !== undefined && 'advice' in known ? `${missing}: ${known.advice}` : missing;
}

function checkFields(
  parameters: JsonObject,
  loc: JsonTrail,
  provider: string,
  action: ForeignAction,
  found: ImportCheck,
): void {
  const fields = foreignFields[action];
  for (const name of parameterNames(parameters)) {
    const here = [...loc, name];
    if (!Object.hasOwn(fields, name)) {
      const msg = `${provider} takes no ${name} here`;
      found.faults.push({ loc: here, msg, type: 'unknown_parameter' });
    } else if (fields[name] === 'ignored' && Object.hasOwn(passedOverReasons, name)) {
      const msg = `${name} ${passedOverReasons[name] ?? ''}`;
      found.warnings.push({ loc: here, msg, type: 'passed_over' });
    }
  }
  if (action === 'interpulse:compute') checkTasks(parameters, loc, found);
}

function checkTasks({ tasks, args }: JsonObject, loc: JsonTrail, found: ImportCheck): void {
  if (Array.isArray(tasks) && tasks.length === 0) {
    const msg = 'tasks is empty; a step runs one task or more';
    found.faults.push({ loc: [...loc, 'tasks'], msg, type: 'no_tasks' });
  }
  const unnamed = Array.isArray(tasks)
    ? tasks.map((task, n) => ({
        here: ['tasks', n, 'args'],
        args: isJsonObject(task) ? task['args'] : [],
      }))
    : [{ here: ['args'], args }];
  for (const { here, args: given } of unnamed) {
    if (!Array.isArray(given) || given.length === 0) continue;
    const msg = 'args have no names; apps take named parameters: give them as kwargs';
    found.faults.push({ loc: [...loc, ...here], msg, type: 'unnamed_arguments' });
  }
}

/** Looks at ids and paths in constants; ids that come with the input are told as warnings. */
function checkValues(value: Json, loc: JsonTrail, action: ForeignAction, checking: Checking): void {
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) {
      checkValues(each, [...loc, index], action, checking);
    }
  }
  if (!isJsonObject(value)) return;
  const fields = foreignFields[action];
  for (const [key, inner] of Object.entries(value)) {
    const [name = ''] = parameterNames({ [key]: inner });
    // What these hold is the app's, or the dataset's, whatever it is called.
    if (opaque.has(name)) continue;
    const here = [...loc, key];
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const isList = action === 'interpulse:delete' && name === 'items' && Array.isArray(inner);
    if (typeof field === 'object') checkId(inner, key !== name, field.ids, here, checking);
    else if (field === 'path' && key === name) checkPath(inner, here, checking.found);
    else if (isList) for (const path of inner) checkPath(path, here, checking.found);
    else checkValues(inner, here, action, checking);
  }
}

const opaque: ReadonlySet<string> = new Set([
  'kwargs',
  'args',
  'payload',
  'content',
  'body_variables',
  'arguments',
]);

function checkId(
  id: Json,
  isComputed: boolean,
  kind: ForeignKind,
  loc: JsonTrail,
  { mapping, known, found }: Checking,
): void {
  if (isComputed) {
    const msg = `the id comes with the run: a name of this hub, or one of mapping.${kind}`;
    found.warnings.push({ loc, msg, type: 'id_from_input' });
    return;
  }
  if (typeof id !== 'string') return;
  const name = mappedName(kind, id, mapping);
  if (name === null) {
    const msg = `${id} in mapping.${kind} of the hub's configuration`;
    found.needs.push({ kind, id, loc, msg });
  } else if (known !== null && !known[kind].has(name)) {
    const what = `${kind.slice(0, -1)} "${name}"`;
    const stands = name === id ? what : `${what}, for which ${id} stands,`;
    found.needs.push({ kind, id, loc, msg: `${stands} is not at this hub yet` });
  }
}

function checkPath(path: Json, loc: JsonTrail, found: ImportCheck): void {
  if (typeof path !== 'string' || foreignPath(path) !== null) return;
  const msg = `${path} leads out of the collection; begin at its root, as /a/b`;
  found.faults.push({ loc, msg, type: 'foreign_path' });
}

/** Globus' compute gives the value that a function returned; a job gives that of a file. */
function readsOfAnswers(flows: readonly InspectedFlow[], computed: Set<string>): Fault[] {
  const reads = flows.flatMap(({ states }) => [...states.values()].flatMap((each) => each.reads));
  return reads.flatMap(({ trail, loc }): Fault[] => {
    const [first, second, third] = trail;
    const asks = second === 'details' && (third === 'result' || third === 'results');
    if (!asks || !computed.has(String(first))) return [];
    const msg =
      `details.${third} is there when the app's output "result" is a small JSON file, ` +
      'such as result.json';
    return [{ loc: ['definition', ...loc], msg, type: 'value_of_app' }];
  });
}
