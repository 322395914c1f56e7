import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DomainError } from '../error.ts';
import { namesInCommand, renderCommand } from './render-command.ts';

test('names become values, braces become braces, groups without a value are dropped', () => {
  const command = ['fit', '{file}', '--n={n}', ['--mask', '{mask}'], ['-v'], '{{literal}}'];
  assert.deepEqual(renderCommand(command, { file: '/a b', n: 3, mask: undefined }), [
    'fit',
    '/a b',
    '--n=3',
    '-v',
    '{literal}',
  ]);
  assert.deepEqual(renderCommand([['--mask', '{mask}']], { mask: false }), ['--mask', 'false']);
  assert.deepEqual(namesInCommand(command), ['file', 'n', 'mask']);
});

test('a name without a value is refused by its name', () => {
  assert.throws(
    () => renderCommand(['fit', '{file}'], {}),
    (error) =>
      error instanceof DomainError && error.kind === 'invalid' && /"file"/.test(error.message),
  );
});

test('a word stays one word, whatever its value holds', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (words, value) => {
      const command = words.map((_, index) => `{w${index}}`);
      const values = Object.fromEntries(words.map((word, index) => [`w${index}`, word]));
      assert.deepEqual(renderCommand(command, values), words);
      assert.deepEqual(renderCommand(['x={w}={w}'], { w: value }), [`x=${value}=${value}`]);
    }),
  );
});

test('text with doubled braces comes out as it was', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const doubled = text.replace(/[{}]/g, (brace) => brace + brace);
      assert.deepEqual(renderCommand([doubled], {}), [text]);
    }),
  );
});

test('a name that every object has is no value', () => {
  assert.throws(() => renderCommand(['{constructor}'], {}), DomainError);
  assert.deepEqual(renderCommand([['{toString}']], {}), []);
});
