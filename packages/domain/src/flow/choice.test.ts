import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { choiceTests } from './choice-tests.ts';
import { choiceRuleSchema, holdsChoiceRule, inspectChoiceRule } from './choice.ts';
import type { ChoiceRule } from './choice.ts';
import type { Json } from '../json.ts';
import { StateError } from './state-error.ts';
import { StateInspection } from './state-inspection.ts';

const early = '2026-01-01T00:00:00Z';
const later = '2026-01-01T02:00:00+01:00';

/** For each order: does 1 hold against 2, 2 against 2, 2 against 1? */
const orders: Record<string, [boolean, boolean, boolean]> = {
  Equals: [false, true, false],
  LessThan: [true, false, false],
  LessThanEquals: [true, true, false],
  GreaterThan: [false, false, true],
  GreaterThanEquals: [false, true, true],
};

const samples: Record<string, [Json, Json]> = {
  Numeric: [1, 2.5],
  String: ['a', 'b'],
  Timestamp: [early, later],
};

function faultsOf(rule: unknown, nested = false): string[] {
  const parsed = choiceRuleSchema.safeParse(rule);
  if (!parsed.success) return parsed.error.issues.map(({ message }) => message);
  const inspection = new StateInspection('S');
  inspectChoiceRule(parsed.data, [], inspection, nested);
  return inspection.faults.map(({ msg }) => msg);
}

test('there are the 39 tests of the language', () => {
  assert.equal(Object.keys(choiceTests).length, 39);
});

for (const [type, [low, high]] of Object.entries(samples)) {
  test(`the ${type} tests compare, also by path, and are false for other types`, () => {
    for (const [order, expected] of Object.entries(orders)) {
      const pairs: [Json, Json][] = [
        [low, high],
        [high, high],
        [high, low],
      ];
      for (const [index, [value, operand]] of pairs.entries()) {
        const scope = { value, operand };
        const direct = { Variable: '$.value', [`${type}${order}`]: operand };
        const byPath = { Variable: '$.value', [`${type}${order}Path`]: '$.operand' };
        assert.equal(holdsChoiceRule(direct, scope), expected[index], `${order} ${index}`);
        assert.equal(holdsChoiceRule(byPath, scope), expected[index], `${order}Path ${index}`);
        assert.deepEqual(faultsOf(direct, true), []);
        assert.deepEqual(faultsOf(byPath, true), []);
      }
      for (const value of [null, true, [], {}, type === 'Numeric' ? 'x' : 7]) {
        const rule = { Variable: '$.value', [`${type}${order}`]: high };
        assert.equal(holdsChoiceRule(rule, { value }), false, `${order} of ${typeof value}`);
      }
    }
  });
}

test('the other tests hold for their own type only', () => {
  const values: Record<string, Json> = {
    yes: true,
    no: false,
    none: null,
    number: 0,
    text: 'ab*c',
    instant: early,
  };
  const cases: [string, Json, string[]][] = [
    ['BooleanEquals', true, ['yes']],
    ['BooleanEqualsPath', '$.no', ['no']],
    ['StringMatches', 'a*\\*c', ['text']],
    ['StringMatches', '*', ['text', 'instant']],
    ['IsBoolean', true, ['yes', 'no']],
    ['IsNull', true, ['none']],
    ['IsNumeric', true, ['number']],
    ['IsString', true, ['text', 'instant']],
    ['IsTimestamp', true, ['instant']],
    ['IsNull', false, ['yes', 'no', 'number', 'text', 'instant']],
    ['IsPresent', true, Object.keys(values)],
  ];
  for (const [name, operand, expected] of cases) {
    const holding = Object.keys(values).filter((variable) =>
      holdsChoiceRule({ Variable: `$.${variable}`, [name]: operand }, values),
    );
    assert.deepEqual(holding, expected, `${name} ${JSON.stringify(operand)}`);
  }
});

test('StringMatches agrees with a regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*') });
  fc.assert(
    fc.property(letters, letters, (pattern, text) => {
      const expected = new RegExp(`^${pattern.replaceAll('*', '[^]*')}$`).test(text);
      const rule = { Variable: '$.text', StringMatches: pattern };
      assert.equal(holdsChoiceRule(rule, { text }), expected);
    }),
  );
});

test('a missing variable is an error, but not for IsPresent or behind a rule that decides', () => {
  for (const name of Object.keys(choiceTests)) {
    const rule: ChoiceRule = { Variable: '$.gone', [name]: name === 'IsPresent' ? false : '$.x' };
    if (name === 'IsPresent') assert.equal(holdsChoiceRule(rule, { x: 1 }), true);
    else assert.throws(() => holdsChoiceRule(rule, { x: 1 }), StateError, name);
  }
  const guarded = {
    And: [
      { Variable: '$.gone', IsPresent: true },
      { Variable: '$.gone', NumericEquals: 1 },
    ],
  };
  assert.equal(holdsChoiceRule(guarded, {}), false);
});

test('And, Or and Not nest', () => {
  const is = (n: number): ChoiceRule => ({ Variable: '$.n', NumericEquals: n });
  const rule: ChoiceRule = { Or: [{ And: [is(1), { Not: is(2) }] }, { Not: { Not: is(3) } }] };
  const holding = [1, 2, 3, 4].filter((n) => holdsChoiceRule(rule, { n }));
  assert.deepEqual(holding, [1, 3]);
});

test('rules of a wrong shape are refused', () => {
  const cases: [unknown, RegExp][] = [
    [{ Next: 'B' }, /exactly one of And, Or, Not, Variable; it has none/],
    [{ Variable: '$.a', Not: {}, Next: 'B' }, /exactly one of/],
    [{ Variable: '$.a', Next: 'B' }, /one test/],
    [{ Variable: '$.a', IsNull: true, IsString: true, Next: 'B' }, /one test/],
    [{ Variable: 'a', IsNull: true, Next: 'B' }, /starts with/],
    [{ Variable: '$.a', IsNull: true }, /needs Next/],
    [{ Not: { Variable: '$.a', IsNull: true, Next: 'C' }, Next: 'B' }, /only a top-level rule/],
    [{ Variable: '$.a', NumericEquals: '1', Next: 'B' }, /number/],
    [{ Variable: '$.a', TimestampEquals: 'soon', Next: 'B' }, /RFC 3339/],
    [{ Variable: '$.a', NumericIs: 1, Next: 'B' }, /nrecognized key/],
    [{ And: [], Next: 'B' }, /Too small/],
  ];
  for (const [rule, message] of cases) {
    assert.match(faultsOf(rule).join('; '), message, JSON.stringify(rule));
  }
});
