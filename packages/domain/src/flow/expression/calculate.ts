import type { Json } from '../../json.ts';
import type { BinaryOperator } from './expression-syntax.ts';
import { typeName } from './expression-values.ts';
import type { WorkMeter } from './expression-values.ts';

const arithmetic: Partial<Record<BinaryOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / divisor(right),
  '//': (left, right) => Math.floor(left / divisor(right)),
  // The sign of the divisor, as in Python.
  '%': (left, right) => left - Math.floor(left / divisor(right)) * right,
};

/**
 * The value of an arithmetic operator: of numbers; `+` also of two strings or two lists; `*` also
 * of a string or list and a count. Throws a `TypeError` or `RangeError` with the reason.
 */
export function calculate(
  operator: BinaryOperator,
  left: Json,
  right: Json,
  meter: WorkMeter,
): Json {
  if (typeof left === 'number' && typeof right === 'number') {
    const result = arithmetic[operator]?.(left, right) ?? Number.NaN;
    if (!Number.isFinite(result)) throw new RangeError(`${operator} gives no finite number`);
    return result;
  }
  if (operator === '+') {
    if (typeof left === 'string' && typeof right === 'string') {
      meter.make(left.length + right.length);
      return left + right;
    }
    if (Array.isArray(left) && Array.isArray(right)) {
      meter.make(left.length + right.length);
      return [...left, ...right];
    }
  }
  if (operator === '*') {
    if (typeof right === 'number') return repeat(left, right, meter);
    if (typeof left === 'number') return repeat(right, left, meter);
  }
  throw new TypeError(`cannot ${operator} ${typeName(left)} and ${typeName(right)}`);
}

function repeat(what: Json, count: number, meter: WorkMeter): Json {
  if ((typeof what !== 'string' && !Array.isArray(what)) || !Number.isInteger(count)) {
    throw new TypeError(`cannot repeat ${typeName(what)} ${count} times`);
  }
  const times = Math.max(0, count);
  meter.make(what.length * times);
  if (typeof what === 'string') return what.repeat(what === '' ? 0 : times);
  return Array.from(
    { length: what.length * times },
    (_, index) => what[index % what.length] ?? null,
  );
}

function divisor(number: number): number {
  if (number === 0) throw new RangeError('division by zero');
  return number;
}
