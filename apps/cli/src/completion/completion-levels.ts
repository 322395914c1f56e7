import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { argumentValue, optionValue, type WordValue } from './word-value.ts';

/** The command that completion asks for names; nobody types it. */
export const namesCommand = 'complete-names';

/** What can follow the words of a command. */
export interface CompletionLevel {
  /** The words before, such as `flow-run list`; empty for the program itself. */
  words: string;
  commands: { name: string; description: string }[];
  /** `value` is null for a flag. */
  options: { name: string; description: string; value: WordValue | null }[];
  /** By position; the last one counts for all that follow when `isVariadic`. */
  positions: WordValue[];
  isVariadic: boolean;
}

/** The program and every command below it, also by what else it is called. */
export function completionLevels(program: CommandUnknownOpts): CompletionLevel[] {
  return levelsOf(program, program.options, []);
}

function levelsOf(
  command: CommandUnknownOpts,
  globals: CommandUnknownOpts['options'],
  words: readonly string[],
): CompletionLevel[] {
  const own = words.length === 0 ? globals : [...command.options, ...globals];
  const shown = command.commands.filter((each) => each.name() !== namesCommand);
  const level: CompletionLevel = {
    words: words.join(' '),
    commands: shown.map((each) => ({ name: each.name(), description: each.description() })),
    options: own.map(({ long, short, flags, description, required, optional, argChoices }) => ({
      name: long ?? short ?? '',
      description,
      value: required || optional ? optionValue(flags, argChoices) : null,
    })),
    positions: command.registeredArguments.map((each) =>
      argumentValue(each.name(), each.argChoices),
    ),
    isVariadic: command.registeredArguments.some((each) => each.variadic),
  };
  // What else a command is called is not offered, but its options are when somebody writes it.
  const below = shown.flatMap((each) =>
    [each.name(), ...each.aliases()].flatMap((name) => levelsOf(each, globals, [...words, name])),
  );
  return [level, ...below];
}
