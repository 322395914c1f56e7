import { flowLimits } from '../flow-limits.ts';
import { isJsonObject, measureJson } from '../../json.ts';
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

  /** Throws a `RangeError` when a list or string of this length may not be made. */
  make(length: number): void {
    if (length > flowLimits.expressionElements) {
      throw new RangeError(`a list or string of more than ${flowLimits.expressionElements}`);
    }
    this.spend(Math.ceil(length / 8));
  }
}

/** Python's truth: None, False, 0, and everything empty are false. */
export function isTrue(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isJsonObject(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/** Equality by value; values of different types differ. */
export function equals(left: Json, right: Json, meter: WorkMeter): boolean {
  meter.spend();
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((element, index) => equals(element, right[index] ?? null, meter));
  }
  if (!isJsonObject(left)) return left === right;
  if (!isJsonObject(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every(
    (name) => Object.hasOwn(right, name) && equals(left[name] ?? null, right[name] ?? null, meter),
  );
}

/** Whether `item` is an element of a list, a part of a string, a key of a dictionary. */
export function contains(container: Json, item: Json, meter: WorkMeter): boolean {
  if (Array.isArray(container)) return container.some((element) => equals(element, item, meter));
  if (typeof container === 'string' && typeof item === 'string') {
    meter.make(container.length);
    return container.includes(item);
  }
  if (isJsonObject(container)) return typeof item === 'string' && Object.hasOwn(container, item);
  throw new TypeError(`nothing can be "in" ${typeName(container)}`);
}

/** A value as text: strings as they are, `True`, `None`, lists and dictionaries as JSON. */
export function toText(value: Json, meter: WorkMeter): string {
  if (typeof value === 'string') return value;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  const { expressionElements: most, stateDepth } = flowLimits;
  const { sizeBytes, depth } = measureJson(value, most, stateDepth);
  if (depth > stateDepth) throw new RangeError(`nested deeper than ${stateDepth}`);
  meter.make(sizeBytes);
  return JSON.stringify(value);
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
