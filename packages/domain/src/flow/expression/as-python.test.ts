import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../json.ts';
import { StateError } from '../state-error.ts';
import { evaluateExpression } from './evaluate-expression.ts';

const count = 6000;

/** What names stand for, on both sides. */
const state: JsonObject = {
  n: 7,
  minus: -3,
  half: 2.5,
  yes: true,
  nothing: null,
  path: '/raw/2026 11/scan_001.h5',
  odd: 'aßé😀b\uffffz',
  empty: '',
  numbers: [3, -1, 4, 1, 5],
  words: ['one', 'Two', 'three', ''],
  pairs: [
    ['x', 1],
    ['y', 2],
  ],
  record: { kind: 'folder', size: 12, inner: { deep: [1, { far: 'end' }] }, none: null },
};

const python = `
import json, math, sys
given = json.load(sys.stdin)
names = {k: v for k, v in given["state"].items()}
names["__builtins__"] = {f.__name__: f for f in (len, str, int, float, abs, min, max, sum)}
class Record(dict):
    __getattr__ = dict.__getitem__
def record(v):
    if isinstance(v, dict): return Record({k: record(w) for k, w in v.items()})
    return [record(w) for w in v] if isinstance(v, list) else v
names = {k: v if k == "__builtins__" else record(v) for k, v in names.items()}
def finite(v):
    if isinstance(v, float): return math.isfinite(v)
    if isinstance(v, (list, tuple)): return all(finite(w) for w in v)
    return not isinstance(v, dict) or all(finite(w) for w in v.values())
out = []
for text in given["texts"]:
    try:
        v = eval(text, names)
        out.append({"value": v} if finite(v) else {"fault": "not finite"})
    except Exception as e:
        out.append({"fault": repr(e)})
json.dump(out, sys.stdout)
`;

const kinds = ['int', 'number', 'text', 'truth', 'ints', 'texts', 'any'] as const;
type Kind = (typeof kinds)[number];

const pick = (...texts: string[]) => fc.constantFrom(...texts);
const digit = fc.integer({ min: -4, max: 9 }).map(String);

type Tie = (kind: Kind) => fc.Arbitrary<string>;
type Holes = (Kind | fc.Arbitrary<string>)[];

/** A template whose holes are filled with expressions of a kind, or with given texts. */
function filler(tie: Tie) {
  return (parts: TemplateStringsArray, ...holes: Holes): fc.Arbitrary<string> =>
    fc
      .tuple(...holes.map((hole) => (typeof hole === 'string' ? tie(hole) : hole)))
      .map((found) => parts.map((part, index) => part + (found[index] ?? '')).join(''));
}

/** What stands for itself, or is made of others. */
function some(leaf: fc.Arbitrary<string>, ...grown: fc.Arbitrary<string>[]) {
  return fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, ...grown);
}

const order = pick('<', '<=', '>', '>=', '==', '!=');

function numbers(tie: Tie) {
  const fill = filler(tie);
  return {
    int: some(
      pick('n', 'minus', 'record.size', 'yes', '0', '1', '10', '1_000', '255'),
      fill`(${'int'} ${pick('+', '-')} ${'int'})`,
      fill`(${'int'} * ${digit})`,
      fill`(${'int'} ${pick('//', '%')} ${'int'})`,
      fill`-${'int'}`,
      fill`${pick('len', 'sum', 'max', 'min')}(${'ints'})`,
      fill`len(${'text'})`,
      fill`abs(${'int'})`,
      fill`int(${'number'})`,
      fill`int(${pick("'12'", "' -3 '", "'1.5'", "'1e3'", "'0x10'", "'1_0'", "''", "'x'")})`,
      fill`${'ints'}[${digit}]`,
      fill`(${'int'} if ${'truth'} else ${'int'})`,
    ),
    number: some(
      pick('half', '0.1', '.5', '1e-5', '3.', '1.25e2', 'n'),
      fill`(${'number'} ${pick('+', '-', '*', '/', '//', '%')} ${'number'})`,
      fill`-${'number'}`,
      fill`float(${pick("'1.5'", "'1e3'", "'.5'", "' 7. '", "'0x10'", "'x'", "'1_0.5'")})`,
    ),
  };
}

function texts(tie: Tie) {
  const fill = filler(tie);
  return {
    text: some(
      pick('path', 'odd', 'empty', "'a-b--c'", "' x  y '", '"it\'s"', "'\\x41\\u00e9\\n\\d\\101'"),
      fill`(${'text'} + ${'text'})`,
      fill`(${'text'} * ${digit})`,
      fill`${'text'}[${digit}]`,
      fill`${'text'}[${digit}:${digit}]`,
      fill`${'text'}[:${digit}]`,
      fill`${'text'}.${pick('lower', 'upper', 'strip', 'lstrip', 'rstrip')}()`,
      fill`${'text'}.${pick('strip', 'lstrip', 'rstrip')}(${pick("'/'", "'a1'", 'odd', "' x'")})`,
      fill`${'text'}.${pick('partition', 'rpartition')}(${pick("'/'", "'-'", "''")})[${digit}]`,
      fill`${'text'}.replace(${pick("'-'", "'a'", "'/'")}, ${'text'})`,
      fill`${pick("'/'", "''", "', '")}.join(${'texts'})`,
      fill`${pick("'{}-{}'", "'{1}{0}'", "'{{}}{}'", "'{} {2}'")}.format(${'int'}, ${'text'})`,
      fill`str(${pick('0.1', '1e-05', '0.0001', '1e-7', '123.25', '1.5e300', '1e22', '2.5e-9')})`,
      fill`str(${fc.oneof(tie('int'), tie('text'), tie('truth'), tie('ints'), tie('texts'))})`,
      fill`str(${pick('record', 'nothing', 'pairs')})`,
      fill`(${'text'} ${pick('or', 'and')} ${'text'})`,
    ),
  };
}

function lists(tie: Tie) {
  const fill = filler(tie);
  return {
    ints: some(
      pick('numbers', '[]', '[1, 2]', '[yes, 0]'),
      fill`(${'ints'} + ${'ints'})`,
      fill`(${'ints'} * ${digit})`,
      fill`${'ints'}[${digit}:]`,
      fill`[x ${pick('+', '-')} ${digit} for x in ${'ints'} if x ${order} ${'int'}]`,
      fill`[b for a, b in ${pick('pairs', 'words', "[[1, 2], 'ab']", '[[1, 2, 3]]')}]`,
    ),
    texts: some(
      pick('words', "['b', 'a']", '[w for w in odd]', '[k for k in record]'),
      fill`${'text'}.split()`,
      fill`${'text'}.${pick('split', 'rsplit')}(${pick("'/'", "'-'", "'--'", 'None')}, ${digit})`,
      fill`${'text'}.split(${pick("'/'", "'-'", "''")})`,
      fill`[w.upper() for w in ${'texts'} if w]`,
    ),
  };
}

function others(tie: Tie) {
  const fill = filler(tie);
  return {
    truth: some(
      pick('True', 'False', 'yes', 'not nothing', 'nothing == None', "'kind' in record"),
      fill`(${'int'} ${order} ${'int'} ${order} ${'number'})`,
      fill`(${'text'} ${order} ${'text'})`,
      fill`(${'ints'} ${order} ${'ints'})`,
      fill`(${'any'} ${pick('==', '!=')} ${'any'})`,
      fill`(${'text'} ${pick('in', 'not in')} ${'text'})`,
      fill`(${'text'} ${pick('in', 'not in')} ${pick('record', 'words')})`,
      fill`(${'int'} ${pick('in', 'not in')} ${'ints'})`,
      fill`(not ${'any'})`,
      fill`${'text'}.${pick('startswith', 'endswith')}(${pick("'/'", "'a'", "''", "'.h5'")})`,
    ),
    any: some(
      pick('nothing', 'record', 'record.inner.deep[1]', 'record.none', 'pairs[-1]', 'gone'),
      fill`(${'any'} ${pick('or', 'and')} ${'any'})`,
      fill`{'a': ${'any'}, 'b': ${'int'}}`,
      fill`record.get(${pick("'kind'", "'no'")}, ${'int'})`,
      fill`record[${pick("'kind'", "'size'", "'no'")}]`,
      fill`[${'any'}, ${'truth'}]`,
      fill`(${fc.oneof(tie('text'), tie('ints'), tie('any'))} ${pick('+', '-', '<')} ${'int'})`,
      fill`(${'any'} if ${'any'} else ${'text'})`,
    ),
  };
}

const grammar = fc.letrec<Record<Kind, string>>((tie) => ({
  ...numbers(tie),
  ...texts(tie),
  ...lists(tie),
  ...others(tie),
}));
const tree = fc.oneof(...kinds.map((kind) => grammar[kind]));

/** What an expression comes to here: a value, or that there is a fault. */
function ours(text: string): { value: Json } | { fault: string } {
  try {
    return { value: evaluateExpression(text, { document: state, privatePaths: [] }).value };
  } catch (error) {
    assert.ok(error instanceof StateError, `${text}: ${String(error)}`);
    return { fault: error.message };
  }
}

/** As JSON has it: truth values are numbers where Python counts them so, and -0 is 0. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return value + 0;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

test(`${count} expressions have the values that python3 gives them`, (context) => {
  const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
  const made = fc.sample(tree, { numRuns: count, seed });
  const input = JSON.stringify({ state, texts: made });
  const options = { input, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  const { error, status, stdout, stderr } = spawnSync('python3', ['-c', python], options);
  if (error !== undefined) {
    context.skip('there is no python3 to compare with');
    return;
  }
  assert.equal(status, 0, stderr);
  const theirs = JSON.parse(stdout) as ({ value: Json } | { fault: string })[];
  const differ = made.flatMap((text, index) => {
    const wanted = theirs[index] ?? { fault: 'nothing' };
    const found = ours(text);
    const isSame =
      'value' in wanted && 'value' in found
        ? JSON.stringify(plain(wanted.value)) === JSON.stringify(plain(found.value))
        : 'value' in wanted === 'value' in found;
    return isSame ? [] : [{ text, wanted, found }];
  });
  const shortest = differ.toSorted((one, other) => one.text.length - other.text.length);
  assert.deepEqual(shortest.slice(0, 12), [], `${differ.length} differ, seed ${seed}`);
  const valid = theirs.filter((each) => 'value' in each).length;
  assert.ok(valid > count / 2, `only ${valid} of them have a value`);
});
