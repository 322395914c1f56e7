import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { faultsOfOutline } from './faults-of-outline.ts';
import { computedValue } from './outline-parameters.ts';
import type { Outline } from './outline-parameters.ts';

const told = (schema: z.ZodType, value: Outline): string[] =>
  faultsOfOutline(schema, value).map(({ loc, type }) => `${loc.join('/')} ${type}`);

test('a rule that looks at a computed part says nothing, another one does', () => {
  const pair = z
    .strictObject({ a: z.number(), b: z.number(), c: z.number() })
    .refine(({ a, b }) => a === b, { path: ['b'] });
  assert.deepEqual(told(pair, { a: 1, b: computedValue, c: 1 }), []);
  assert.deepEqual(told(pair, { a: 1, b: 2, c: computedValue }), ['b custom']);
  const inner = z.array(z.array(z.number())).refine(([first]) => first?.[0] === 1);
  assert.deepEqual(told(inner, [[computedValue]]), []);
  assert.deepEqual(told(inner, [[2, computedValue]]), [' custom']);
});

test('parts that are known are checked in all that may be left out, be null, or be any', () => {
  const list = z.array(z.string()).nullable().default(null);
  const schema = z.strictObject({ list, any: z.json().optional() });
  assert.deepEqual(told(schema, {}), []);
  assert.deepEqual(told(schema, { list: null, any: { deep: [computedValue] } }), []);
  assert.deepEqual(told(schema, { list: [computedValue, 1] }), ['list/1 invalid_type']);
  assert.deepEqual(told(schema, { list: 'x', any: computedValue }), ['list invalid_type']);
});

test('one form that may still fit is enough', () => {
  const schema = z.union([z.strictObject({ a: z.number() }), z.array(z.number()), z.literal('x')]);
  assert.deepEqual(told(schema, { a: computedValue }), []);
  assert.deepEqual(told(schema, [computedValue]), []);
  assert.deepEqual(told(schema, { b: computedValue }), ['a missing', 'b unrecognized_key']);
  assert.deepEqual(told(schema, ['y', computedValue]), ['0 invalid_type']);
  assert.deepEqual(told(schema, true), [' invalid_union']);
  const alike = z.union([z.strictObject({ a: z.number() }), z.strictObject({ b: z.number() })]);
  assert.deepEqual(told(alike, { c: computedValue }), [' invalid_union'], 'either may be meant');
});
