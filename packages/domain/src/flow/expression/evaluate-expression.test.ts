import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../json.ts';
import { StateError } from '../state-error.ts';
import { evaluateExpression } from './evaluate-expression.ts';

const state: JsonObject = {
  n: 7,
  zero: 0,
  name: 'a/b/c/',
  paths: ['/x/one.h5', '/x/two.txt'],
  files: [
    { path: '/in/a/', size: 2 },
    { path: '/in/b', size: 5 },
  ],
  Probe: { details: { kind: 'folder', result: [4, 5] } },
  'odd name': { a: { b: [10, 20] } },
  nothing: null,
  _context: { run_id: 'r1', email: '' },
};

function value(text: string, document: JsonObject = state): Json {
  return evaluateExpression(text, { document, privatePaths: [] }).value;
}

test('expressions have the values that Python gives them', () => {
  const cases: [string, Json][] = [
    ['1 + 2 * 3 - -4', 11],
    ['7 // 2 + 7 % 3', 4],
    ['-7 // 2', -4],
    ['-7 % 3', 2],
    ['1 / 4', 0.25],
    ['1.5e1 + .5', 15.5],
    ["'a' + \"b\" + 'it\\'s\\n'", "abit's\n"],
    ["'ab' * 2 + [1][0] * 'c'", 'ababc'],
    ['[False] * 2 == [n > 100, zero != 0]', true],
    ['1 < n < 10', true],
    ['1 < n > 10', false],
    ["'kind' in Probe.details and Probe.details.kind == 'folder'", true],
    ["'code' not in Probe.details or Probe.details.code != 'NotFound'", true],
    ['zero or nothing or n', 7],
    ['zero and gone', 0],
    ['not (n == 7)', false],
    ["'big' if n > 5 else gone", 'big'],
    ["'a' if zero else 'b' if zero else 'c'", 'c'],
    ['Probe.details.result[-1]', 5],
    ["Probe['details']['kind'][1:3]", 'ol'],
    ['Probe.details.result[:1] + [n]', [4, 7]],
    ["`$['odd name'].a.b[1]` + 1", 21],
    ['`$._context.email` or _context.run_id', 'r1'],
    ["[p.rpartition('/')[2] for p in paths if p.endswith('.h5')]", ['one.h5']],
    ["['~' in p for p in paths] == [False] * len(paths)", true],
    [
      '[[x * y for x in [1, 2]] for y in [3, 4]]',
      [
        [3, 6],
        [4, 8],
      ],
    ],
    ['[a + b for a, b in [[1, 2], [3, 4]]]', [3, 7]],
    ["name.rstrip('/').split('/')[-1]", 'c'],
    ["' x '.strip() + 'xxa'.lstrip('x') + 'AB'.lower() + 'c'.upper()", 'xaabC'],
    ["'a-b-c'.partition('-') + ['a-b'.replace('-', '')]", ['a', '-', 'b-c', 'ab']],
    ["'-'.join(['a', 'b']) + 'a b  c'.split()[2]", 'a-bc'],
    ["'{} of {1} {{}}'.format(1, True)", '1 of True {}'],
    ["str(None) + str(True) + str(1.5) + str([1, 'a'])", "NoneTrue1.5[1, 'a']"],
    [
      "pathsplit('/a/b.txt') + pathsplit('/~/path') + pathsplit('x')",
      ['/a', 'b.txt', '/~/', 'path', '', 'x'],
    ],
    ["getattr('Probe.details.kind', 'x') + getattr('target', '/inbox')", 'folder/inbox'],
    ["getattr('gone')", null],
    ["is_present('Probe.details.result[1]') and not is_present('a.b')", true],
    ["{'a': n, 'b': [{'c': None}]}", { a: 7, b: [{ c: null }] }],
    ['len(files) + sum([f.size for f in files]) + max([1, 3]) + min(4, 2) + abs(-1)', 15],
    ["merge({'a': 1, 'b': n}, {'b': 2, 'c': {}})", { a: 1, b: 2, c: {} }],
    ["int('12') + float('0.5')", 12.5],
    ["Probe.details.get('code', 'none')", 'none'],
    ['[1, 2,]', [1, 2]],
    ['[] == {} or [] == []', true],
  ];
  for (const [text, expected] of cases) assert.deepEqual(value(text), expected, text);
});

test('the long expressions of real flows build requests from lists', () => {
  const text =
    "[{'source_path': f.path, 'destination_path': root.rstrip('/') + '/' + " +
    "pathsplit(f.path.rstrip('/'))[1], 'recursive': f.path.endswith('/')} for f in files]";
  assert.deepEqual(value(text, { ...state, root: '/out/' }), [
    { source_path: '/in/a/', destination_path: '/out/a', recursive: true },
    { source_path: '/in/b', destination_path: '/out/b', recursive: false },
  ]);
});

test('faults name what is wrong and the character where it is', () => {
  const cases: [string, RegExp][] = [
    ['1 + (2 * 3 ]', /expected "\)", found "\]", at character 12/],
    ['n +', /found the end, at character 4/],
    ["'abc", /a ' is not closed, at character 1/],
    ['n $ 2', /unexpected "\$", at character 3/],
    ['1 + gone', /no gone in the state.*at character 5/],
    ['Probe.details.code', /no member code; there are kind, result, at character 14/],
    ["n + 'a'", /cannot \+ a number and a string/],
    ['n / zero', /division by zero/],
    ['paths[2]', /no element 2; there are 2/],
    ["'a' < 1", /have no order/],
    ['eval("1")', /no function eval/],
    ["name.constructor('x')", /no method constructor/],
    ['name.__class__', /start with _/],
    ['_context.constructor', /no member constructor/],
    ['n is None', /write == instead/],
    ['len(1, 2)', /len takes 1 arguments, not 2/],
    ['`$.a[*]`', /wildcards/],
    ['{1: 2}', /keys of a dictionary are strings/],
    ['1e308 * 10', /no finite number/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => value(text),
      (error) => error instanceof StateError && message.test(error.message),
      text,
    );
  }
});

test('a list of 10,000 objects is made, and what is without measure is stopped', () => {
  const many = { many: Array.from({ length: 10_000 }, (_, index) => `/p/${index}`) };
  const made = value("[{'a': p, 'b': pathsplit(p)[1]} for p in many]", many);
  assert.ok(Array.isArray(made));
  assert.deepEqual(made[9999], { a: '/p/9999', b: '9999' });
  const hostile = [
    "'a' * 1000 * 1000 * 1000",
    '[0] * 1000000000000',
    '[[x for x in many] for y in many]',
    `${'('.repeat(200)}1${')'.repeat(200)}`,
    `${'-'.repeat(200)}1`,
    Array.from({ length: 2000 }, () => '1').join('+'),
    `n${'[0]'.repeat(2000)}`,
    '1'.repeat(20_000),
  ];
  for (const text of hostile) assert.throws(() => value(text, many), StateError, text.slice(0, 40));
});

test('a shared list that would be huge when written out is not written out', () => {
  const exploding = "str([[x] * 1000 for x in [['a' * 1000] * 1000]])";
  assert.throws(() => value(exploding), StateError);
});

test('no text makes the interpreter throw anything but a state error', () => {
  const pieces = fc.constantFrom(
    ...[
      'n',
      'files',
      'paths',
      'Probe',
      '.',
      'details',
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      ',',
      ':',
      '0',
    ],
    ...['1', "'a'", '"b"', '`$.n`', '+', '-', '*', '/', '//', '%', '==', '<', 'in', 'not', 'and'],
    ...['or', 'if', 'else', 'for', 'x', 'len', 'str', 'split', 'join', 'getattr', 'None', ' '],
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(pieces).map((all) => all.join(' ')),
        fc.string(),
      ),
      (text) => {
        try {
          JSON.stringify(value(text));
        } catch (error) {
          assert.ok(error instanceof StateError, String(error));
        }
      },
    ),
    { numRuns: 2000 },
  );
});
