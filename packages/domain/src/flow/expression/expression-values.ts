import { flowLimits } from '../flow-limits.ts';
import { isJsonObject } from '../../json.ts';
import type { Json } from '../../json.ts';

/** Counts the work of one evaluation; what it does is bounded whatever the expression says. */
export class WorkMeter {
  #steps = 0;

  /** Throws a `RangeError` when the evaluation has taken too many steps. */
  spend(steps = 1): void {
    this.#steps += steps;
    if (this.#steps > flowLimits.expressionSteps) {
      throw new RangeError(`more than ${flowLimits.expressionSteps} steps`);
    }
  }

  /** Throws as `spend` for looking at all of a string of this length. */
  read(length: number): void {
    this.spend(Math.ceil(length / 8));
  }

  /** Throws a `RangeError` when a list or string of this length may not be made. */
  make(length: number): void {
    if (length > flowLimits.expressionElements) {
      throw new RangeError(`a list or string of more than ${flowLimits.expressionElements}`);
    }
    this.read(length);
  }
}

/** Python's truth: None, False, 0, and everything empty are false. */
export function isTrue(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isJsonObject(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/** A value as a number, `True` and `False` being 1 and 0 as in Python; null when it is none. */
export function numberOf(value: Json): number | null {
  return typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : null;
}

/** Equality by value; values of different types differ, but `True == 1` as in Python. */
export function equals(left: Json, right: Json, meter: WorkMeter): boolean {
  meter.spend();
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((element, index) => equals(element, right[index] ?? null, meter));
  }
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length === right.length) meter.read(left.length);
    return left === right;
  }
  if (!isJsonObject(left)) return left === right || isSameNumber(left, right);
  if (!isJsonObject(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every(
    (name) => Object.hasOwn(right, name) && equals(left[name] ?? null, right[name] ?? null, meter),
  );
}

function isSameNumber(left: Json, right: Json): boolean {
  const one = numberOf(left);
  return one !== null && one === numberOf(right);
}

/**
 * Below 0 when `left` comes before `right`, above when after: of numbers, strings (by their
 * characters, not UTF-16) and lists. Throws a `TypeError` for values without an order.
 */
export function compare(left: Json, right: Json, meter: WorkMeter): number {
  meter.spend();
  const one = numberOf(left);
  const other = numberOf(right);
  if (one !== null && other !== null) return one - other;
  if (typeof left === 'string' && typeof right === 'string') {
    meter.read(Math.min(left.length, right.length));
    return compareTexts(left, right);
  }
  if (!Array.isArray(left) || !Array.isArray(right)) {
    throw new TypeError(`${typeName(left)} and ${typeName(right)} have no order`);
  }
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const [mine = null, theirs = null] = [left[index], right[index]];
    if (!equals(mine, theirs, meter)) return compare(mine, theirs, meter);
  }
  return left.length - right.length;
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  let at = 0;
  while (at < length && left.charCodeAt(at) === right.charCodeAt(at)) at += 1;
  if (at === length) return left.length - right.length;
  // The second half of a pair tells as much as the pair: their first halves are the same.
  return (left.codePointAt(at) ?? 0) - (right.codePointAt(at) ?? 0);
}

/** A string by its characters where it has some that take two places, else as it is. */
export function inCharacters(text: string, meter: WorkMeter): string | string[] {
  meter.read(text.length);
  return /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
}

/** Whether `item` is an element of a list, a part of a string, a key of a dictionary. */
export function contains(container: Json, item: Json, meter: WorkMeter): boolean {
  if (Array.isArray(container)) return container.some((element) => equals(element, item, meter));
  if (typeof container === 'string') {
    if (typeof item !== 'string') {
      throw new TypeError(`only a string can be "in" a string, not ${typeName(item)}`);
    }
    meter.make(container.length);
    return container.includes(item);
  }
  if (isJsonObject(container)) return typeof item === 'string' && Object.hasOwn(container, item);
  throw new TypeError(`nothing can be "in" ${typeName(container)}`);
}

/** The elements that a comprehension walks: of a list, the keys of a dictionary, characters. */
export function elementsOf(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return Array.from(value);
  if (isJsonObject(value)) return Object.keys(value);
  throw new TypeError(`cannot walk ${typeName(value)}`);
}

/** A type's name for messages. */
export function typeName(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a dictionary';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'string' ? 'a string' : 'a truth value';
}
