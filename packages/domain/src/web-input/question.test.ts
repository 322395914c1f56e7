import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../json.ts';
import { checkResponse } from './check-response.ts';
import { readQuestion } from './question.ts';
import type { Question } from './question.ts';

function question(parameters: JsonObject): Question {
  const read = readQuestion(parameters, 'Ask');
  assert.ok('kind' in read, JSON.stringify(read));
  return read;
}

const problem = (parameters: JsonObject): string => {
  const read = readQuestion(parameters, 'Ask');
  return 'problem' in read ? read.problem : 'none';
};

const go = { Value: 'go', Label: 'Weiter – 続ける', Description: 'Nächste Messung 🔬' };

test('a selection as Globus writes it, with texts of any script', () => {
  const asked = question({
    InputType: 'Selection',
    Context: {
      PresentationStyle: 'Table',
      Title: 'Lauf 7: weiter?',
      Rows: [
        { Field: 'χ²', Value: 1.2 },
        { Field: 'By', Value: null },
      ],
    },
    Options: [go, { Value: 'stop', Label: 'Stop' }],
    RespondentUrns: ['urn:globus:groups:id:00000000-0000-0000-0000-000000000001'],
  });
  assert.deepEqual(asked.options[0], {
    value: 'go',
    label: 'Weiter – 続ける',
    description: 'Nächste Messung 🔬',
    cells: {},
  });
  assert.deepEqual(asked.rows, [
    { field: 'χ²', value: 1.2 },
    { field: 'By', value: null },
  ]);
  assert.deepEqual(checkResponse(asked, 'go'), []);
  assert.deepEqual(
    checkResponse(asked, 'GO').map(({ type }) => type),
    ['enum'],
  );
  assert.equal(checkResponse(asked, ['go']).length, 1);
});

test('without a context its state names it; a number is a label too', () => {
  const asked = question({ InputType: 'Selection', Options: [{ Value: 7 }, { Value: true }] });
  assert.equal(asked.title, 'Ask');
  assert.deepEqual(
    asked.options.map(({ label }) => label),
    ['7', 'true'],
  );
  assert.deepEqual(checkResponse(asked, 7), []);
  assert.equal(checkResponse(asked, '7').length, 1);
});

test('rows of a table: as many as allowed, each once', () => {
  const asked = question({
    InputType: 'Table',
    Options: ['a', 'b', 'c'].map((Value, index) => ({ Value, Cells: { scan: index, q: 0.1 } })),
    Columns: ['scan', { Name: 'q', Label: 'q (1/Å)' }],
    Minimum: 1,
    Maximum: 2,
  });
  assert.deepEqual(asked.columns, [
    { name: 'scan', label: 'scan' },
    { name: 'q', label: 'q (1/Å)' },
  ]);
  const types = (response: JsonObject['x']) =>
    checkResponse(asked, response ?? null).map(({ type, loc }) => [type, ...loc]);
  assert.deepEqual(types(['a', 'c']), []);
  assert.deepEqual(types([]), [['too_small']]);
  assert.deepEqual(types(['a', 'b', 'c']), [['too_big']]);
  assert.deepEqual(types(['a', 'a']), [['doubled', 1]]);
  assert.deepEqual(types(['a', 'x']), [['enum', 1]]);
  assert.deepEqual(types('a'), [['invalid_type']]);
});

test('columns that are not named are those of the rows', () => {
  const Options = [
    { Value: 1, Cells: { a: 1 } },
    { Value: 2, Cells: { b: 2, a: 0 } },
  ];
  const { columns, least, most } = question({ InputType: 'Table', Options });
  assert.deepEqual(
    columns.map(({ name }) => name),
    ['a', 'b'],
  );
  assert.deepEqual([least, most], [0, null]);
});

test('a form is answered with what fits its schema, faults with their paths', () => {
  const Schema = {
    type: 'object',
    required: ['exposure'],
    properties: { exposure: { type: 'number', minimum: 0 }, note: { type: 'string' } },
  };
  const asked = question({ InputType: 'Form', Schema });
  assert.deepEqual(checkResponse(asked, { exposure: 0.1 }), []);
  assert.deepEqual(
    checkResponse(asked, { exposure: -1 }).map(({ loc }) => loc),
    [['exposure']],
  );
  assert.equal(checkResponse(asked, 'yes').length, 1);
});

test('what cannot be asked says why', () => {
  assert.match(problem({ InputType: 'Selektion' }), /^InputType: /);
  assert.match(problem({ InputType: 'Selection' }), /nothing to choose/);
  assert.match(problem({ InputType: 'Selection', Options: [go, go] }), /same Value/);
  assert.match(problem({ InputType: 'Selection', Options: [{ Label: 'x' }] }), /Options\.0\.Value/);
  assert.match(problem({ InputType: 'Form' }), /needs a JSON Schema/);
  assert.match(problem({ InputType: 'Form', Schema: { type: 'objekt' } }), /^Schema/);
  const Options = [{ Value: 1 }];
  assert.match(problem({ InputType: 'Table', Options, Minimum: 2 }), /1 options only/);
  const long = { Title: 'x'.repeat(300_000) };
  assert.match(problem({ InputType: 'Selection', Context: long, Options }), /at most 262144 bytes/);
});
