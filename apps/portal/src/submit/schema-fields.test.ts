import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldWords, inputOf, readField, schemaFields } from './schema-fields.ts';

const schema = {
  type: 'object',
  required: ['bin', 'mode'],
  properties: {
    bin: { type: 'integer', minimum: 1, maximum: 64, description: 'Bins' },
    mode: { enum: ['counts', 'absorption'], default: 'counts' },
    center: { type: ['string', 'number'] },
    verbose: { type: 'boolean' },
    energy: { type: 'number', title: 'Photon energy' },
    mask: { type: 'array', items: { type: 'integer' } },
    name: { type: 'string' },
  },
};

const fields = schemaFields(schema);
const field = (name: string) => {
  return fields.find((each) => each.name === name) ?? assert.fail(`no field ${name}`);
};

test('a JSON Schema becomes fields in its order', () => {
  assert.deepEqual(
    fields.map(({ name, kind, isRequired }) => [name, kind, isRequired]),
    [
      ['bin', 'integer', true],
      ['mode', 'choice', true],
      ['center', 'value', false],
      ['verbose', 'boolean', false],
      ['energy', 'number', false],
      ['mask', 'json', false],
      ['name', 'text', false],
    ],
  );
  assert.equal(field('energy').label, 'Photon energy');
  assert.equal(fieldWords(field('bin')), 'whole number, at least 1, at most 64');
  assert.deepEqual(schemaFields({}), []);
  assert.deepEqual(schemaFields(null), []);
});

test('what is typed becomes a value of the right type', () => {
  assert.deepEqual(readField(field('bin'), ' 4 '), { value: 4 });
  assert.deepEqual(readField(field('mode'), '"absorption"'), { value: 'absorption' });
  assert.deepEqual(readField(field('center'), '12.5'), { value: 12.5 });
  assert.deepEqual(readField(field('center'), 'auto'), { value: 'auto' });
  assert.deepEqual(readField(field('verbose'), 'false'), { value: false });
  assert.deepEqual(readField(field('mask'), '[1, 2]'), { value: [1, 2] });
  assert.deepEqual(readField(field('name'), '007'), { value: '007' });
});

test('what is wrong is said at the field; what is left out is left out', () => {
  assert.deepEqual(readField(field('bin'), ''), { fault: 'is needed' });
  assert.deepEqual(readField(field('bin'), '0'), { fault: 'at least 1' });
  assert.deepEqual(readField(field('bin'), '2.5'), { fault: 'must be whole' });
  assert.deepEqual(readField(field('energy'), '0x10'), { fault: 'is not a number' });
  assert.deepEqual(readField(field('mask'), '[1,'), { fault: 'is not JSON' });
  assert.equal(readField(field('mode'), ''), null);
  assert.equal(readField(field('verbose'), undefined), null);
});

test('a value that is there is shown so that reading it gives it back', () => {
  const values = { bin: 4, mode: 'counts', center: 'auto', verbose: true, mask: [1], name: 'a b' };
  for (const [name, value] of Object.entries(values)) {
    assert.deepEqual(readField(field(name), inputOf(field(name), value)), { value });
  }
});
