import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeResultPath } from './result-path.ts';
import { StateError } from './state-error.ts';

test('a result is written where its path says, and missing parents are made', () => {
  const state = { a: { b: 1 }, list: [1, 2] };
  assert.deepEqual(writeResultPath(state, '$.x.y', 5), { ...state, x: { y: 5 } });
  assert.deepEqual(writeResultPath(state, '$.a.c', 5), { ...state, a: { b: 1, c: 5 } });
  assert.deepEqual(writeResultPath(state, '$.list[1]', 5), { ...state, list: [1, 5] });
  assert.deepEqual(writeResultPath(state, '$', { only: true }), { only: true });
  assert.deepEqual(state, { a: { b: 1 }, list: [1, 2] });
});

test('a result cannot go through what is no object, or past the end of an array', () => {
  const state = { a: 1, list: [1] };
  const cases: [string, RegExp][] = [
    ['$.a.b', /\$\.a is no object/],
    ['$.list.b', /\$\.list is no object/],
    ['$.a[0]', /\$\.a is no array/],
    ['$.list[1]', /\$\.list has 1 elements/],
    ['$._context.run_id', /_context is read-only/],
    ['$[0]', /not an array/],
    ['$', /must be an object/],
  ];
  for (const [path, message] of cases) {
    assert.throws(
      () => writeResultPath(state, path, 'text'),
      (error) => error instanceof StateError && message.test(error.message),
      path,
    );
  }
});

test('a name such as __proto__ is written as an ordinary member', () => {
  const written = writeResultPath({}, '$.__proto__.polluted', true);
  assert.deepEqual(Object.keys(written), ['__proto__']);
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
});
