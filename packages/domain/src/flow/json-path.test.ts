import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatTrail, parseJsonPath, readJsonPath } from './json-path.ts';
import { StateError } from './state-error.ts';

test('dotted names, indices and quoted names are taken apart', () => {
  const cases: [string, (string | number)[]][] = [
    ['$', []],
    ['$.a.b[0].c', ['a', 'b', 0, 'c']],
    ["$['any name'].x", ['any name', 'x']],
    ['$["it\'s"][12]', ["it's", 12]],
    ["$['a\\'b']", ["a'b"]],
    ['$.größe-1', ['größe-1']],
    ['$._context.run_id', ['_context', 'run_id']],
  ];
  for (const [path, trail] of cases) assert.deepEqual(parseJsonPath(path), { trail }, path);
});

test('what a reference cannot be is refused with the reason and the place', () => {
  const cases: [string, RegExp, number][] = [
    ['a.b', /starts with \$/, 0],
    ['$.a..b', /descent/, 3],
    ['$.a[*]', /wildcards/, 3],
    ['$.*', /wildcards/, 1],
    ['$.a[?(@.b)]', /filters/, 3],
    ['$.a[1:2]', /slices/, 3],
    ['$.a[x]', /expected \[index\]/, 3],
    ['$.a b', /unexpected/, 3],
    ['$.', /unexpected/, 1],
  ];
  for (const [path, problem, position] of cases) {
    const parsed = parseJsonPath(path);
    assert.ok('problem' in parsed, path);
    assert.match(parsed.problem, problem, path);
    assert.equal(parsed.position, position, path);
  }
});

test('every trail can be written as a path and read back', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(999), fc.string({ unit: 'grapheme' }))), (trail) => {
      assert.deepEqual(parseJsonPath(formatTrail(trail)), { trail });
    }),
  );
});

test('a path that leads nowhere names its nearest parent and what is there', () => {
  const document = { Move: { details: { files: 3, bytes: 7 } } };
  assert.equal(readJsonPath(document, '$.Move.details.files', 'E'), 3);
  assert.throws(
    () => readJsonPath(document, '$.Move.details.fields.first', 'E'),
    (error) =>
      error instanceof StateError &&
      error.errorName === 'E' &&
      /nearest value that exists is \$\.Move\.details, which has files, bytes/.test(error.message),
  );
});

test('members of the prototype are not members of the state', () => {
  for (const path of ['$.constructor', '$.__proto__', '$.a.length']) {
    assert.throws(() => readJsonPath({ a: [] }, path, 'E'), StateError, path);
  }
});
