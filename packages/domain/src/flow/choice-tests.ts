import { z } from 'zod';
import type { Json } from '../json.ts';
import { timestampMilliseconds } from './timestamp.ts';

/** One test of a Choice: what stands beside its name, and when it holds. */
export interface ChoiceTest {
  operand: z.ZodType<Json>;
  /** `value` is the variable's; `operand` is read from the state already for `...Path` tests. */
  holds(value: Json, operand: Json): boolean;
}

type Order = (left: number | string, right: number | string) => boolean;

const orders: Record<string, Order> = {
  Equals: (left, right) => left === right,
  LessThan: (left, right) => left < right,
  LessThanEquals: (left, right) => left <= right,
  GreaterThan: (left, right) => left > right,
  GreaterThanEquals: (left, right) => left >= right,
};

/** How each type is compared, or null for a value of another type. */
const types: Record<
  string,
  { operand: z.ZodType<Json>; key: (value: Json) => number | string | null }
> = {
  Numeric: { operand: z.number(), key: (value) => (typeof value === 'number' ? value : null) },
  String: { operand: z.string(), key: (value) => (typeof value === 'string' ? value : null) },
  Timestamp: {
    operand: z.string().refine((text) => timestampMilliseconds(text) !== null, {
      error: 'expected an RFC 3339 date-time such as 2026-01-31T12:00:00Z',
    }),
    key: timestampMilliseconds,
  },
};

function comparisons(): [string, ChoiceTest][] {
  return Object.entries(types).flatMap(([type, { operand, key }]) =>
    Object.entries(orders).flatMap(([order, compare]): [string, ChoiceTest][] => {
      const holds = (value: Json, other: Json): boolean => {
        const left = key(value);
        const right = key(other);
        return left !== null && right !== null && compare(left, right);
      };
      return [
        [`${type}${order}`, { operand, holds }],
        [`${type}${order}Path`, { operand: z.string(), holds }],
      ];
    }),
  );
}

/** A test of the variable's type; `false` turns it round. */
function is(type: (value: Json) => boolean): ChoiceTest {
  return { operand: z.boolean(), holds: (value, wanted) => type(value) === wanted };
}

function equalBooleans(value: Json, other: Json): boolean {
  return typeof value === 'boolean' && value === other;
}

/** The 39 tests of the language, by name. */
export const choiceTests: Record<string, ChoiceTest> = {
  ...Object.fromEntries(comparisons()),
  BooleanEquals: { operand: z.boolean(), holds: equalBooleans },
  BooleanEqualsPath: { operand: z.string(), holds: equalBooleans },
  StringMatches: {
    operand: z.string(),
    holds: (value, pattern) =>
      typeof value === 'string' && typeof pattern === 'string' && matchesWildcard(value, pattern),
  },
  IsBoolean: is((value) => typeof value === 'boolean'),
  IsNull: is((value) => value === null),
  IsNumeric: is((value) => typeof value === 'number'),
  /** A missing variable never gets here: see `holdsChoiceRule`. */
  IsPresent: is(() => true),
  IsString: is((value) => typeof value === 'string'),
  IsTimestamp: is((value) => timestampMilliseconds(value) !== null),
};

/**
 * Whether `*` (any characters) and `\*`, `\\` (themselves) in `pattern` fit all of `text`. Finds
 * each piece at its first place, so a hostile pattern costs no more than their product.
 */
function matchesWildcard(text: string, pattern: string): boolean {
  const pieces = [''];
  for (let index = 0; index < pattern.length; index += 1) {
    let unit = pattern.charAt(index);
    if (unit === '*') {
      pieces.push('');
      continue;
    }
    if (unit === '\\' && /[*\\]/.test(pattern.charAt(index + 1))) unit = pattern.charAt(++index);
    pieces[pieces.length - 1] += unit;
  }
  const first = pieces.shift() ?? '';
  const last = pieces.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const piece of pieces) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
