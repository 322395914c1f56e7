import type { FlowScope } from '../flow-scope.ts';
import { isJsonObject } from '../../json.ts';
import type { Json } from '../../json.ts';
import { followTrail, parseJsonPath } from '../json-path.ts';
import { compare, elementsOf, inCharacters, numberOf, typeName } from './expression-values.ts';
import type { WorkMeter } from './expression-values.ts';
import { toText } from './to-text.ts';

/** What a function gets: its arguments, the scope, the meter. */
export interface FunctionCall {
  given: Json[];
  scope: FlowScope;
  meter: WorkMeter;
}

/** A function of the expression language: how many arguments it takes, and its value. */
export interface ExpressionFunction {
  least: number;
  most: number;
  /** Throws a `TypeError` or `RangeError` with the reason. */
  value(call: FunctionCall): Json;
}

/** The functions of the language by name. */
export const functions: Record<string, ExpressionFunction> = {
  len: { least: 1, most: 1, value: ({ given: [of = null], meter }) => lengthOf(of, meter) },
  str: { least: 1, most: 1, value: ({ given: [of = null], meter }) => toText(of, meter) },
  int: {
    least: 1,
    most: 1,
    value: ({ given: [of = null] }) => Math.trunc(numberFrom(of, wholeNumber)),
  },
  float: { least: 1, most: 1, value: ({ given: [of = null] }) => numberFrom(of, anyNumber) },
  abs: { least: 1, most: 1, value: ({ given: [of = null] }) => Math.abs(asNumber(of)) },
  min: { least: 1, most: 1000, value: ({ given, meter }) => extreme(given, meter, -1) },
  max: { least: 1, most: 1000, value: ({ given, meter }) => extreme(given, meter, 1) },
  sum: {
    least: 1,
    most: 1,
    value: ({ given: [of = null], meter }) => {
      const elements = elementsOf(of);
      meter.make(elements.length);
      return elements.reduce<number>((total, element) => total + asNumber(element), 0);
    },
  },
  merge: { least: 1, most: 100, value: ({ given, meter }) => merged(given, meter) },
  pathsplit: { least: 1, most: 1, value: ({ given: [path = null] }) => splitPath(path) },
  getattr: {
    least: 1,
    most: 2,
    value: ({ given: [reference = null, otherwise = null], scope }) => {
      const found = lookUp(reference, scope);
      return found === undefined ? otherwise : found;
    },
  },
  is_present: {
    least: 1,
    most: 1,
    value: ({ given: [reference = null], scope }) => lookUp(reference, scope) !== undefined,
  },
};

/** The trail of a reference such as `a.b[0].c`, given to `getattr` or `is_present`, or null. */
export function trailOfReference(reference: Json): (string | number)[] | null {
  if (typeof reference !== 'string') return null;
  const parsed = parseJsonPath(reference.startsWith('$') ? reference : `$.${reference}`);
  return 'trail' in parsed ? parsed.trail : null;
}

function lookUp(reference: Json, scope: FlowScope): Json | undefined {
  const trail = trailOfReference(reference);
  if (trail === null) throw new TypeError("expected a reference such as 'a.b[0].c'");
  const found = followTrail(scope.document, trail);
  return found.found ? found.value : undefined;
}

function lengthOf(value: Json, meter: WorkMeter): number {
  if (typeof value === 'string') return inCharacters(value, meter).length;
  if (Array.isArray(value)) return value.length;
  if (isJsonObject(value)) return Object.keys(value).length;
  throw new TypeError(`${typeName(value)} has no length`);
}

/** What later ones say wins; our own, since the language has no union of dictionaries. */
function merged(given: Json[], meter: WorkMeter): Json {
  const all: [string, Json][] = [];
  for (const each of given) {
    if (!isJsonObject(each)) throw new TypeError(`expected a dictionary, got ${typeName(each)}`);
    const entries = Object.entries(each);
    meter.make(entries.length);
    all.push(...entries);
  }
  return Object.fromEntries(all);
}

function asNumber(value: Json): number {
  const number = numberOf(value);
  if (number !== null) return number;
  throw new TypeError(`expected a number, got ${typeName(value)}`);
}

const digits = String.raw`\d+(?:_\d+)*`;
const wholeNumber = new RegExp(String.raw`^[+-]?${digits}$`);
const anyNumber = new RegExp(
  String.raw`^[+-]?(?:${digits}\.?(?:${digits})?|\.${digits})(?:[eE][+-]?${digits})?$`,
);

function numberFrom(value: Json, form: RegExp): number {
  if (typeof value !== 'string') return asNumber(value);
  const text = value.trim();
  const number = form.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new TypeError(`"${text.slice(0, 40)}" is no such number`);
}

function extreme(given: Json[], meter: WorkMeter, sign: 1 | -1): Json {
  const values = given.length === 1 ? elementsOf(given[0] ?? null) : given;
  meter.make(values.length);
  const [first] = values;
  if (first === undefined) throw new TypeError('an empty list has no smallest or largest element');
  return values.reduce(
    (best, value) => (sign * compare(value, best, meter) > 0 ? value : best),
    first,
  );
}

/** Folder and last name of a path. The home prefix of Globus is never split. */
function splitPath(path: Json): Json {
  if (typeof path !== 'string') throw new TypeError(`expected a path, got ${typeName(path)}`);
  const slash = path.startsWith('/~/') ? Math.max(path.lastIndexOf('/'), 2) : path.lastIndexOf('/');
  if (slash < 0) return ['', path];
  const keepsSlash = slash === 0 || (slash === 2 && path.startsWith('/~/'));
  return [path.slice(0, keepsSlash ? slash + 1 : slash), path.slice(slash + 1)];
}
