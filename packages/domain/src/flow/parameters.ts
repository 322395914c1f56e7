import { evaluateExpression } from './expression/evaluate-expression.ts';
import { inspectExpression } from './expression/inspect-expression.ts';
import { readShown } from './flow-scope.ts';
import type { FlowScope, Shown } from './flow-scope.ts';
import { isJsonObject } from '../json.ts';
import type { Json, JsonObject, JsonTrail } from '../json.ts';
import { errorNames } from './state-error.ts';
import type { StateInspection } from './state-inspection.ts';

/** The key whose value lists the sibling names that viewers and logs may not see. */
export const privateKey = '__Private_Parameters';

/** A way to write a value that is computed. */
export interface ParameterForm {
  evaluate(text: string, scope: FlowScope): Shown;
  inspect(at: JsonTrail, text: string, inspection: StateInspection): void;
}

/** What the end of a key says about its value. A new form is one more line. */
const forms: Record<string, ParameterForm> = {
  '.$': {
    evaluate: (path, scope) => readShown(scope, path, errorNames.parameters),
    inspect: (at, path, inspection) => inspection.readPath(at, path),
  },
  '.=': {
    evaluate: evaluateExpression,
    inspect: inspectExpression,
  },
};

/** A key as it is written: the name that it gives a value to, and the form in which. */
export function splitKey(key: string): { name: string; form: ParameterForm | null } {
  const suffix = key.slice(-2);
  const form = Object.hasOwn(forms, suffix) ? forms[suffix] : undefined;
  return form === undefined ? { name: key, form: null } : { name: key.slice(0, -2), form };
}

/** The names that evaluated parameters will have. */
export function parameterNames(parameters: JsonObject): string[] {
  const keys = Object.keys(parameters).filter((key) => key !== privateKey);
  return keys.map((key) => splitKey(key).name);
}

/**
 * Parameters evaluated on `scope`: constants are copied, `name.$` and `name.=` become `name`.
 * Private are the values named in `__Private_Parameters` and those made from private values.
 * Throws a `StateError` when a path or expression fails.
 */
export function evaluateParameters(parameters: JsonObject, scope: FlowScope): Shown {
  const privatePaths: JsonTrail[] = [];
  const value = evaluateObject(parameters, scope, [], privatePaths);
  return { value, privatePaths };
}

function evaluateObject(
  parameters: JsonObject,
  scope: FlowScope,
  trail: JsonTrail,
  privatePaths: JsonTrail[],
): JsonObject {
  const members: [string, Json][] = [];
  for (const [key, inner] of Object.entries(parameters)) {
    if (key === privateKey) continue;
    const { name, form } = splitKey(key);
    const here = [...trail, name];
    if (form === null) {
      members.push([name, evaluateValue(inner, scope, here, privatePaths)]);
      continue;
    }
    const shown = form.evaluate(typeof inner === 'string' ? inner : '', scope);
    members.push([name, shown.value]);
    for (const path of shown.privatePaths) privatePaths.push([...here, ...path]);
  }
  for (const name of privateNames(parameters)) privatePaths.push([...trail, name]);
  return Object.fromEntries(members);
}

function evaluateValue(
  value: Json,
  scope: FlowScope,
  trail: JsonTrail,
  privatePaths: JsonTrail[],
): Json {
  if (Array.isArray(value)) {
    return value.map((element, index) =>
      evaluateValue(element, scope, [...trail, index], privatePaths),
    );
  }
  return isJsonObject(value) ? evaluateObject(value, scope, trail, privatePaths) : value;
}

/** The names beside `__Private_Parameters` that it lists. */
export function privateNames(parameters: JsonObject): string[] {
  const listed = Object.hasOwn(parameters, privateKey) ? parameters[privateKey] : [];
  if (!Array.isArray(listed)) return [];
  return listed.filter((name) => typeof name === 'string').map((name) => splitKey(name).name);
}

/** Checks Parameters of any depth: forms, paths, expressions, names given twice, private names. */
export function inspectParameters(
  parameters: Json,
  at: JsonTrail,
  inspection: StateInspection,
): void {
  if (Array.isArray(parameters)) {
    for (const [index, element] of parameters.entries()) {
      inspectParameters(element, [...at, index], inspection);
    }
  }
  if (!isJsonObject(parameters)) return;
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(parameters)) {
    if (key === privateKey) continue;
    const here = [...at, key];
    const { name, form } = splitKey(key);
    if (seen.has(name)) {
      inspection.fault(here, 'duplicate_parameter', `${name} is given in more than one form`);
    }
    seen.add(name);
    if (form === null) inspectParameters(value, here, inspection);
    else if (typeof value === 'string') form.inspect(here, value, inspection);
    else inspection.fault(here, 'string_type', `the value of ${key} must be a string`);
  }
  inspectPrivateNames(parameters, seen, at, inspection);
}

function inspectPrivateNames(
  parameters: JsonObject,
  siblings: Set<string>,
  at: JsonTrail,
  inspection: StateInspection,
): void {
  if (!Object.hasOwn(parameters, privateKey)) return;
  const here = [...at, privateKey];
  const listed = parameters[privateKey];
  if (!Array.isArray(listed) || listed.some((name) => typeof name !== 'string')) {
    inspection.fault(here, 'private_parameters', `${privateKey} is a list of names`);
    return;
  }
  for (const name of privateNames(parameters)) {
    if (!siblings.has(name)) {
      inspection.warn(here, 'private_parameters', `there is no parameter ${name} to hide`);
    }
  }
}
