import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../json.ts';
import { checkInputSchema, validateInput } from './validate-input.ts';

const typesOf = (schema: JsonObject, input: Json): string[] =>
  validateInput(schema, input).map(({ type }) => type);
const ofText = (pattern: string): JsonObject => ({ items: { type: 'string', pattern } });

test('patterns that would take for ever in JavaScript take no time', () => {
  const text = `${'a'.repeat(100_000)}!`;
  for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(.*a){20}$', '^([a-z]+)*\\d$']) {
    assert.deepEqual(typesOf(ofText(pattern), [text]), ['pattern'], pattern);
  }
});

test('patterns mean what they mean in JavaScript', () => {
  const patterns = ['^[a-z0-9_.-]+$', 'a|b', '\\d{2,3}', '^\\/x', '\\u0041', '(?:ab)+c?', '\\s\\S'];
  fc.assert(
    fc.property(
      fc.constantFrom(...patterns),
      fc.string({ unit: fc.constantFrom(...'ab/xA1 .é💡') }),
      (pattern, text) => {
        const isMet = typesOf(ofText(pattern), [text]).length === 0;
        assert.equal(isMet, new RegExp(pattern, 'u').test(text), `${pattern} ${text}`);
      },
    ),
    { numRuns: 500 },
  );
});

test('patterns that cannot be bounded are refused, with a reason', () => {
  for (const pattern of ['^(?!x)', '(?<=a)b', '(?<n>a)\\k<n>', '(a{1,1000}){1,1000}']) {
    const [fault] = checkInputSchema(ofText(pattern));
    assert.match(fault?.msg ?? '', /the schema cannot be used/, pattern);
  }
});

/** Definitions that refer twice to the one before. */
function doubled(times: number, last: JsonObject): JsonObject {
  const definitions: JsonObject = { d0: last };
  for (let index = 1; index <= times; index += 1) {
    const before = { $ref: `#/definitions/d${index - 1}` };
    definitions[`d${index}`] = { allOf: [before, before] };
  }
  return { definitions, $ref: `#/definitions/d${times}` };
}

test('what doubles with each step is stopped', () => {
  assert.deepEqual(typesOf(doubled(4, { type: 'object' }), {}), []);
  assert.deepEqual(typesOf(doubled(60, { type: 'object' }), {}), ['too_much_work']);
  const deep = Array.from({ length: 150 }).reduce<Json>((inner) => ({ x: inner }), {});
  const branch = { properties: { x: { $ref: '#' } } };
  assert.deepEqual(typesOf({ anyOf: [{ allOf: [branch, branch] }, branch] }, deep), [
    'too_much_work',
  ]);
});

test('elements are found to be alike without comparing each with each', () => {
  const list = Array.from({ length: 100_000 }, (_, n) => ({ n, m: [n] }));
  assert.deepEqual(typesOf({ uniqueItems: true }, list), []);
  assert.deepEqual(
    typesOf({ uniqueItems: true }, [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ]),
    ['uniqueItems'],
  );
  assert.deepEqual(typesOf({ uniqueItems: false }, [1, 1]), []);
});

test('of a large input the first fault is told, of a small one all', () => {
  const schema = { items: { type: 'string' } };
  assert.equal(typesOf(schema, [1, 2, 3]).length, 3);
  assert.equal(typesOf(schema, Array<number>(500_000).fill(1)).length, 1);
});

test('many alternatives for many elements are stopped', () => {
  const anyOf = Array.from({ length: 500 }, (_, n) => ({ const: n }));
  const input = Array<number>(100_000).fill(499);
  assert.deepEqual(typesOf({ items: { anyOf } }, input), ['too_much_work']);
});

test('a member may be called like a keyword', () => {
  const properties = { items: { type: 'number' }, default: { $ref: '#/definitions/n' } };
  const schema = { definitions: { n: { type: 'number' } }, properties };
  assert.deepEqual(typesOf(schema, { items: 1, default: 'x' }), ['type']);
});

test('what would take seconds to compile is refused before it is', () => {
  const named = (count: number, each: JsonObject): JsonObject => ({
    properties: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`enum ${index}`, { ...each }]),
    ),
  });
  const wide = Array.from({ length: 8 }).reduce<JsonObject>((inner) => {
    return { anyOf: [inner, inner, inner] };
  }, {});
  const pattern = '^(a|b|c){1,500}$';
  const odd = [named(2000, { type: 'string' }), wide, named(200, { pattern })];
  const long = ofText('a'.repeat(20_000));
  for (const schema of [...odd, long]) {
    const [fault] = checkInputSchema(schema);
    assert.equal(fault?.type, 'too_big');
    assert.match(fault.msg, /take at most/);
    assert.deepEqual(typesOf(schema, {}), ['too_big']);
  }
  // What an input may be is only compared.
  const choices = Array.from({ length: 20_000 }, (_, index) => `scan ${index}`);
  const [fault] = validateInput({ enum: choices }, 'scan');
  assert.match(fault?.msg ?? '', /"scan 0", .* and 19980 more$/);
});

test('a schema that refers to itself for ever is told as such', () => {
  const definitions = { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } };
  for (const schema of [{ $ref: '#' }, { definitions, $ref: '#/definitions/a' }]) {
    const [fault] = validateInput(schema, { x: 1 });
    assert.match(fault?.msg ?? '', /refers to itself without end/);
  }
});
