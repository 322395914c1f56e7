import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { JsonObject } from '../json.ts';
import { checkInputSchema, validateInput } from './validate-input.ts';

const example = new URL(
  '../../../../../shared/data/flows/transfer-compute-share.input-schema.json',
  import.meta.url,
);
const skip = existsSync(example) ? false : `${example.pathname} is missing`;

const schema: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['site', 'items'],
  properties: {
    site: { enum: ['polaris', 'perlmutter'] },
    items: { type: 'array', items: { type: 'object', properties: { n: { minimum: 1 } } } },
    'a/b~c%': { type: 'string' },
    at: { type: 'string', format: 'date-time' },
  },
  additionalProperties: false,
};

test('an input that fits has no faults', () => {
  const input = { site: 'polaris', items: [{ n: 1 }], at: '2026-01-01T00:00:00Z' };
  assert.deepEqual(validateInput(schema, input), []);
  assert.deepEqual(validateInput({}, { anything: 1 }), []);
});

test('all faults are told at once, each with its path', () => {
  const faults = validateInput(schema, {
    items: [{ n: 1 }, { n: 0 }, 5],
    'a/b~c%': 1,
    at: 'soon',
    more: 1,
  });
  const told = faults.map(({ loc, type }) => `${JSON.stringify(loc)} ${type}`).toSorted();
  assert.deepEqual(told, [
    '["a/b~c%"] type',
    '["at"] format',
    '["items",1,"n"] minimum',
    '["items",2] type',
    '["more"] additionalProperties',
    '["site"] required',
  ]);
  const [wrong] = validateInput(schema, { site: 'x', items: [] });
  assert.match(wrong?.msg ?? '', /allowed values: "polaris", "perlmutter"/);
});

test('names that are missing or unknown are told as people write them', () => {
  const properties = { dynamicRings: { type: 'integer' }, average: { type: 'integer' } };
  const closed = { type: 'object', properties, required: ['average'], additionalProperties: false };
  assert.deepEqual(
    validateInput(closed, { dynamicRing: 4 }).map(({ loc, msg }) => [loc.join('.'), msg]),
    [
      ['average', 'this field is required'],
      ['dynamicRing', 'there is no field dynamicRing here; there are dynamicRings, average'],
    ],
  );
});

test('a schema that is none is told by its own faults, not by an exception', () => {
  const cases: JsonObject[] = [
    { type: 'objekt' },
    { properties: 5 },
    { $ref: 'https://example.org/elsewhere.json' },
    { pattern: '(' },
    { type: 'string', pattern: '(' },
  ];
  for (const wrong of cases) {
    assert.notDeepEqual(checkInputSchema(wrong), [], JSON.stringify(wrong));
    assert.equal(validateInput(wrong, {})[0]?.loc[0], 'input_schema');
  }
  assert.deepEqual(checkInputSchema(schema), []);
});

test('an input without measure is refused before it is looked at', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  assert.deepEqual(
    validateInput({}, { deep }).map(({ type }) => type),
    ['too_big'],
  );
});

test("Globus' hints for forms are not in the way of checking", { skip }, () => {
  const published = JSON.parse(readFileSync(example, 'utf8')) as JsonObject;
  assert.deepEqual(checkInputSchema(published), []);
  const place = { id: 'a6f165fa-aee2-4fe5-95f3-97429c28bf82', path: '/a/' };
  const input = {
    source: place,
    destination: place,
    resultshare: { ...place, id: 'no name!' },
    recursive_tx: true,
    compute_endpoint_id: place.id,
    compute_function_id: place.id,
    compute_function_kwargs: {},
    principal: { id: 'x', type: 'identity' },
  };
  assert.deepEqual(
    validateInput(published, { input }).map(({ loc, type }) => [loc, type]),
    [[['input', 'resultshare', 'id'], 'format']],
  );
});

test('where Globus wants the UUID of a collection or a person, a name of ours is one too', () => {
  const of = (format: string): JsonObject => ({
    type: 'object',
    properties: {
      it: { type: 'object', format, properties: { id: { type: 'string', format: 'uuid' } } },
    },
  });
  const faults = (format: string, id: string) => validateInput(of(format), { it: { id } });
  for (const id of ['raw', 'user:ada', 'project:demo', 'a6f165fa-aee2-4fe5-95f3-97429c28bf82']) {
    assert.deepEqual(faults('globus-collection', id), [], id);
    assert.deepEqual(faults('globus-principal', id), [], id);
  }
  assert.match(faults('globus-collection', '../x')[0]?.msg ?? '', /a name of this hub/);
  assert.match(faults('other', 'raw')[0]?.msg ?? '', /uuid|unknown/);
});
