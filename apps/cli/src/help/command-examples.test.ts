import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { createProgram } from '../create-program.ts';
import { checkCommandLine } from './check-command-line.ts';
import { commandExamples } from './command-examples.ts';

/** The words of every command that does something. */
function pathsOf(command: CommandUnknownOpts, path: string[] = []): string[] {
  const inner = command.commands.flatMap((each) => pathsOf(each, [...path, each.name()]));
  // `agent` and `hub` run without a verb, too.
  const doesItself = command.commands.length === 0 || path.join() === 'agent';
  return doesItself ? [path.join(' '), ...inner] : inner;
}

test('every command has an example, and every example is of its command', () => {
  const program = createProgram();
  const verbs = pathsOf(program);
  assert.deepEqual(Object.keys(commandExamples).sort(), verbs.sort());
  for (const [verb, examples] of Object.entries(commandExamples)) {
    for (const example of examples) {
      assert.equal(checkCommandLine(program, example), null, example);
      // An alias may stand for the verb.
      assert.match(example, new RegExp(`interpulse ${verb.split(' ')[0]}\\b`));
    }
  }
});

test('the help of a command ends with its examples', () => {
  const trigger = createProgram().commands.find((noun) => noun.name() === 'trigger');
  const fire = trigger?.commands.find((verb) => verb.name() === 'fire');
  let shown = '';
  fire?.configureOutput({ writeOut: (text) => (shown += text) });
  fire?.outputHelp();
  assert.match(shown, /Examples:\n {2}interpulse trigger fire every-scan --set file=/);
});
