import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgram } from '../create-program.ts';
import { checkCommandLine } from './check-command-line.ts';
import { commandExamples } from './command-examples.ts';

const nouns = 'flow flow-run trigger web-input notice instrument account token'.split(' ');

test('every command about flows has an example, and every example is of its command', () => {
  const program = createProgram();
  const verbs = program.commands
    .filter((noun) => nouns.includes(noun.name()))
    .flatMap((noun) => noun.commands.map((verb) => `${noun.name()} ${verb.name()}`));
  assert.deepEqual(Object.keys(commandExamples).sort(), verbs.sort());
  for (const [verb, examples] of Object.entries(commandExamples)) {
    for (const example of examples) {
      assert.equal(checkCommandLine(program, example), null, example);
      // An alias may stand for the verb.
      assert.match(example, new RegExp(`^interpulse ${verb.split(' ')[0]} `));
    }
  }
});

test('the help of a command ends with its examples', () => {
  const trigger = createProgram().commands.find((noun) => noun.name() === 'trigger');
  const fire = trigger?.commands.find((verb) => verb.name() === 'fire');
  let shown = '';
  fire?.configureOutput({ writeOut: (text) => (shown += text) });
  fire?.outputHelp();
  assert.match(shown, /Example:\n {2}interpulse trigger fire every-scan --set file=/);
});
