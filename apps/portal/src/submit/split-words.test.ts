import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commandLine } from '../format/command-line.ts';
import { splitWords } from './split-words.ts';

test('words are divided as people expect', () => {
  assert.deepEqual(splitWords('echo  a b\n--flag=1'), ['echo', 'a', 'b', '--flag=1']);
  assert.deepEqual(splitWords(`python -c 'print("x y")'`), ['python', '-c', 'print("x y")']);
  assert.deepEqual(splitWords(`a"b c"d ''`), ['ab cd', '']);
  assert.deepEqual(splitWords('a\\ b'), ['a b']);
  assert.deepEqual(splitWords('  '), []);
});

test('nothing of a shell has a meaning', () => {
  assert.deepEqual(splitWords('echo $HOME; rm *|x'), ['echo', '$HOME;', 'rm', '*|x']);
});

test('a quote that is not closed is no command', () => {
  for (const line of [`'a`, `a "b`, 'a\\']) assert.equal(splitWords(line), null, line);
});

test('the line of a command is read as the same words again', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
      assert.deepEqual(splitWords(commandLine(words)), words);
    }),
  );
});
