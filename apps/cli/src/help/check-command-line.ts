import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/**
 * What is wrong with a line such as `interpulse flow show NAME --json` as people write it in
 * documents: optional parts in brackets, repetitions with dots. Null when there is such a command.
 */
export function checkCommandLine(program: CommandUnknownOpts, line: string): string | null {
  const [, ...words] = splitWords(line);
  let command = program;
  let rest = words;
  while (command.commands.length > 0) {
    rest = skipOptions(program, rest);
    const [name, ...others] = rest;
    if (name === undefined) return null;
    if (command !== program && name.startsWith('-')) break;
    const next = command.commands.find(
      (each) => each.name() === name || each.aliases().includes(name),
    );
    if (next === undefined) {
      return isAbout(name) ? null : `there is no "${name}" of ${command.name()}`;
    }
    command = next;
    rest = others;
  }
  return checkArguments(program, command, rest);
}

/** Words that stand for any verb: `interpulse web-input …`. */
function isAbout(word: string): boolean {
  return word === '…' || word === '...' || word.startsWith('--help') || /^[A-Z]+$/.test(word);
}

function skipOptions(program: CommandUnknownOpts, words: string[]): string[] {
  const [first, ...others] = words;
  const option = program.options.find((each) => first !== undefined && each.long === first);
  if (option === undefined) return words;
  return skipOptions(program, option.required ? others.slice(1) : others);
}

function checkArguments(
  program: CommandUnknownOpts,
  command: CommandUnknownOpts,
  words: string[],
): string | null {
  const options = [...command.options, ...program.options];
  const given: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('-') || word === '-') {
      if (word !== '…') given.push(word);
      continue;
    }
    if (word === '--') break;
    if (word === '--help' || word === '-h') return null;
    const [name = '', value] = word.split(/=(.*)/s);
    const option = options.find((each) => each.long === name || each.short === name);
    if (option === undefined) return `${command.name()} has no ${name}`;
    if ((option.required || option.optional) && value === undefined) index += 1;
    if (option.required && value === undefined && words[index] === undefined) {
      return `${name} needs a value`;
    }
  }
  const most = command.registeredArguments;
  if (given.length > most.length && most.at(-1)?.variadic !== true) {
    return `${command.name()} takes ${most.length} words, not ${given.join(' ')}`;
  }
  return null;
}

/** Words as a shell makes them; brackets of optional parts go, and so does what follows a pipe. */
function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const [, single, double, plain] of line.matchAll(
    /(?<=\s|^)(?:'([^']*)'|"([^"]*)"|((?:[^\s'"]|'[^']*'|"[^"]*")+))/g,
  )) {
    const word = single ?? double ?? plain ?? '';
    const isQuoted = plain === undefined;
    if (!isQuoted && (/^(\||\|\||&&|&|;|>|>>|<|2>.*)$/.test(word) || word.startsWith('#'))) break;
    words.push(isQuoted ? word : word.replace(/^\[/, '').replace(/\]$/, '').replace(/;$/, ''));
  }
  return words.filter((word) => word !== '' && word !== '\\');
}
