import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { commandExamples } from './command-examples.ts';

/** Puts the examples behind the help of their commands. */
export function addExamples(command: CommandUnknownOpts, path: readonly string[] = []): void {
  for (const each of command.commands) addExamples(each, [...path, each.name()]);
  const examples = commandExamples[path.join(' ')];
  if (examples === undefined) return;
  const title = examples.length === 1 ? 'Example' : 'Examples';
  const lines = examples.map((example) => `  ${example}`);
  command.addHelpText('after', `\n${title}:\n${lines.join('\n')}`);
}
