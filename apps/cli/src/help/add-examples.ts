import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { commandExamples } from './command-examples.ts';

/** Puts the examples behind the help of their commands. */
export function addExamples(program: CommandUnknownOpts): void {
  for (const noun of program.commands) {
    for (const verb of noun.commands) {
      const examples = commandExamples[`${noun.name()} ${verb.name()}`];
      if (examples === undefined) continue;
      const title = examples.length === 1 ? 'Example' : 'Examples';
      const lines = examples.map((example) => `  ${example}`);
      verb.addHelpText('after', `\n${title}:\n${lines.join('\n')}`);
    }
  }
}
