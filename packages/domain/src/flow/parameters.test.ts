import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowScope } from './flow-scope.ts';
import type { Json, JsonObject } from '../json.ts';
import { evaluateParameters, inspectParameters } from './parameters.ts';
import { redact, redactState } from './redact.ts';
import { StateError } from './state-error.ts';
import { StateInspection } from './state-inspection.ts';

const scope: FlowScope = {
  document: {
    site: 'polaris',
    n: 3,
    paths: ['/a/1', '/a/2'],
    secret: { password: 'hunter2', user: 'ann' },
    _context: { run_id: 'flowrun_1' },
  },
  privatePaths: [['secret', 'password']],
};

function evaluate(parameters: JsonObject): Json {
  return evaluateParameters(parameters, scope).value;
}

test('paths and expressions are evaluated at every depth, also in arrays; constants stay', () => {
  const parameters = {
    constant: { deep: [1, { 'x.y': null }] },
    'site.$': '$.site',
    tasks: [{ kwargs: [[{ 'path.$': '$.paths[1]', 'rounds.=': 'n + 1' }]], args: [] }],
    'run.$': '$._context.run_id',
  };
  assert.deepEqual(evaluate(parameters), {
    constant: { deep: [1, { 'x.y': null }] },
    site: 'polaris',
    tasks: [{ kwargs: [[{ path: '/a/2', rounds: 4 }]], args: [] }],
    run: 'flowrun_1',
  });
});

test('a path that leads nowhere and an expression that fails are state errors', () => {
  assert.throws(() => evaluate({ 'a.$': '$.gone' }), StateError);
  assert.throws(() => evaluate({ 'a.=': 'n / 0' }), /division by zero, at character 1 of n \/ 0/);
});

test('private parameters are hidden, however deep, and with or without their suffix', () => {
  const { value, privatePaths } = evaluateParameters(
    {
      'user.$': '$.secret.user',
      login: [{ 'token.$': '$.site', plain: 1, __Private_Parameters: ['token.$', 'plain'] }],
    },
    scope,
  );
  assert.deepEqual(value, { user: 'ann', login: [{ token: 'polaris', plain: 1 }] });
  assert.deepEqual(redact(value, privatePaths), {
    user: 'ann',
    login: [{ token: '(private)', plain: '(private)' }],
  });
});

test('what is made from a private value is private without being named', () => {
  const { value, privatePaths } = evaluateParameters(
    {
      'all.$': '$.secret',
      'word.$': '$.secret.password',
      'made.=': "'x' + secret.password",
      'asked.=': "getattr('secret.password')",
      'open.=': 'secret.user',
    },
    scope,
  );
  assert.doesNotMatch(JSON.stringify(redact(value, privatePaths)), /hunter2/);
  assert.match(JSON.stringify(redact(value, privatePaths)), /"open":"ann"/);
  assert.match(JSON.stringify(value), /xhunter2/);
});

test('the state is shown without private paths and the members the language keeps', () => {
  const data = { a: { b: 1, c: 2 }, _private: 1, _privateKey: 2, _tokens: {}, list: [1, 2] };
  const shown = redactState(data, [
    ['a', 'b'],
    ['list', 1],
    ['gone', 'x'],
  ]);
  assert.deepEqual(shown, {
    a: { b: '(private)', c: 2 },
    _private: '(private)',
    _privateKey: '(private)',
    _tokens: '(private)',
    list: [1, '(private)'],
  });
});

test('parameters of a wrong shape are refused with the path to the fault', () => {
  const inspection = new StateInspection('S');
  const parameters = {
    list: [{ 'a.$': 'b', a: 1 }],
    'n.$': 5,
    'e.=': '1 + ',
    __Private_Parameters: 'a',
    other: { __Private_Parameters: ['nobody'] },
  };
  inspectParameters(parameters, ['Parameters'], inspection);
  const places = inspection.faults.map(({ loc, type }) => `${loc.slice(3).join('/')} ${type}`);
  assert.deepEqual(places, [
    'list/0/a.$ json_path',
    'list/0/a duplicate_parameter',
    'n.$ string_type',
    'e.= expression',
    '__Private_Parameters private_parameters',
  ]);
  assert.match(inspection.warnings[0]?.msg ?? '', /no parameter nobody/);
});
