import type { Json } from '../../json.ts';
import type { BinaryOperator } from './expression-syntax.ts';
import { numberOf, typeName } from './expression-values.ts';
import type { WorkMeter } from './expression-values.ts';

const arithmetic: Partial<Record<BinaryOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / divisor(right),
  '//': floorDivide,
  '%': modulo,
};

/**
 * The value of an arithmetic operator: of numbers, `True` and `False` being 1 and 0; `+` also of
 * two strings or two lists; `*` also of a string or list and a count. Throws a `TypeError` or
 * `RangeError` with the reason.
 */
export function calculate(
  operator: BinaryOperator,
  left: Json,
  right: Json,
  meter: WorkMeter,
): Json {
  const one = numberOf(left);
  const other = numberOf(right);
  if (one !== null && other !== null) {
    const result = arithmetic[operator]?.(one, other) ?? Number.NaN;
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
    if (other !== null) return repeat(left, other, meter);
    if (one !== null) return repeat(right, one, meter);
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

/** What is left, with the sign of the divisor, as in Python; exact, as no quotient is rounded. */
function modulo(left: number, right: number): number {
  const rest = left % divisor(right);
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
}

/** Python's way: rounding the quotient of 1 and 0.1 would give 10, though 0.1 fits in 9 times. */
function floorDivide(left: number, right: number): number {
  const quotient = (left - modulo(left, right)) / right;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function divisor(number: number): number {
  if (number === 0) throw new RangeError('division by zero');
  return number;
}
