import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { fieldWords, formField, memberFields, startValue, type FieldKind } from './form-field.ts';

const kindOf = (schema: JsonObject): FieldKind => formField('x', schema, {}, false).kind;

test('each kind of schema is asked for in its own way', () => {
  const kinds: [JsonObject, FieldKind][] = [
    [{ type: 'string' }, 'text'],
    [{ type: 'string', maxLength: 2000 }, 'longText'],
    [{ type: 'string', format: 'date-time' }, 'instant'],
    [{ type: 'string', pattern: '^[a-z0-9][a-z0-9._-]{0,62}:/.+' }, 'location'],
    [{ type: 'string', format: 'interpulse-location' }, 'location'],
    [{ enum: ['a', 2] }, 'choice'],
    [{ oneOf: [{ const: 1, title: 'one' }, { const: 2 }] }, 'choice'],
    [{ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, 'variants'],
    [{ type: 'array', items: { enum: ['a'] } }, 'choices'],
    [{ type: 'array', items: { type: 'object', properties: {} } }, 'list'],
    [{ type: 'array' }, 'json'],
    [{ properties: { a: {} } }, 'object'],
    [{ type: 'object' }, 'json'],
    [{ type: 'object', format: 'globus-collection', properties: {} }, 'collectionObject'],
    [{ type: ['integer', 'null'] }, 'integer'],
    [{ type: ['string', 'number'] }, 'textOrNumber'],
    [{ type: ['string', 'object'] }, 'json'],
    [{}, 'json'],
  ];
  for (const [schema, kind] of kinds) assert.equal(kindOf(schema), kind, JSON.stringify(schema));
});

test('members stand in the order that the schema wishes', () => {
  const properties = { a: {}, b: {}, c: {} };
  const named = (schema: JsonObject) => memberFields(schema, {}).map(({ name }) => name);
  assert.deepEqual(named({ properties }), ['a', 'b', 'c']);
  assert.deepEqual(named({ properties, propertyOrder: ['c', 'a'] }), ['c', 'a', 'b']);
  const numbered = { a: { propertyOrder: 3 }, b: { propertyOrder: 1 }, c: { propertyOrder: 2 } };
  assert.deepEqual(named({ properties: numbered }), ['b', 'c', 'a']);
});

test('references are followed, also in a circle, and allOf is joined', () => {
  const root: JsonObject = {
    definitions: { size: { type: 'integer', minimum: 1 }, loop: { $ref: '#/definitions/loop' } },
    properties: { n: { $ref: '#/definitions/size', title: 'How many' } },
  };
  const [field] = memberFields(root, root);
  assert.deepEqual([field?.kind, field?.label], ['integer', 'How many']);
  assert.equal(field && fieldWords(field), 'whole number, at least 1');
  assert.equal(formField('x', { $ref: '#/definitions/loop' }, root, false).kind, 'json');
  const joined = formField(
    'x',
    { allOf: [{ properties: { a: {} } }], properties: { b: {} } },
    {},
    true,
  );
  assert.deepEqual(Object.keys(joined.schema['properties'] as object), ['a', 'b']);
});

test('a form begins with the defaults, and with what must be there', () => {
  const schema: JsonObject = {
    properties: {
      input: {
        required: ['file'],
        properties: { file: { type: 'string' }, bin: { default: 2 }, more: { properties: {} } },
      },
      kind: { const: 'x' },
    },
    required: ['input', 'kind'],
  };
  assert.deepEqual(startValue(schema, schema), { input: { bin: 2 }, kind: 'x' });
});
