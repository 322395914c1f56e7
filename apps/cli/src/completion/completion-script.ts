import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Shell } from './shells.ts';

/** What can follow the words of a command. */
interface Level {
  /** The words before, such as `flow-run list`; empty for the program itself. */
  words: string;
  commands: { name: string; description: string }[];
  options: { name: string; description: string; takesValue: boolean }[];
}

/** The completion script of a shell, made from the commands as they are. */
export function completionScript(program: CommandUnknownOpts, shell: Shell): string {
  const levels = levelsOf(program, program.options);
  if (shell === 'fish') return fish(program.name(), levels);
  const name = program.name();
  if (shell === 'bash') return bash(name, levels);
  // zsh runs bash's completion functions.
  const start = ['compinit && compinit -i', 'bashcompinit && bashcompinit'];
  const lines = start.map((each) => `autoload -U +X ${each}`);
  return [`#compdef ${name}`, ...lines, bash(name, levels)].join('\n');
}

function levelsOf(
  command: CommandUnknownOpts,
  globals: CommandUnknownOpts['options'],
  words: string[] = [],
): Level[] {
  const own = words.length === 0 ? globals : [...command.options, ...globals];
  const level: Level = {
    words: words.join(' '),
    commands: command.commands.map((each) => ({
      name: each.name(),
      description: each.description(),
    })),
    options: own.map(({ long, short, description, required, optional }) => ({
      name: long ?? short ?? '',
      description,
      takesValue: required || optional,
    })),
  };
  // What else a command is called is not offered, but its options are when somebody writes it.
  const below = command.commands.flatMap((each) =>
    [each.name(), ...each.aliases()].flatMap((name) => levelsOf(each, globals, [...words, name])),
  );
  return [level, ...below];
}

function bash(name: string, levels: Level[]): string {
  const cases = levels.map(({ words, commands, options }) => {
    const offered = [...commands.map((each) => each.name), ...options.map((each) => each.name)];
    return `    '${words}') offered='${offered.join(' ')}' ;;`;
  });
  const known = levels.map(({ words }) => `'${words}'`).filter((words) => words !== "''");
  const valued = [
    ...new Set(
      levels.flatMap(({ options }) =>
        options.filter((each) => each.takesValue).map((each) => each.name),
      ),
    ),
  ];
  const fn = `_${name.replaceAll('-', '_')}`;
  return `${fn}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words='' offered='' word longer index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    longer="\${words:+$words }$word"
    case "$longer" in
      ${known.join('|')}) words="$longer" ;;
    esac
  done
  COMPREPLY=()
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    ${valued.join('|')}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  case "$words" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$offered" -- "$current"))
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F ${fn} ${name}
`;
}

function fish(name: string, levels: Level[]): string {
  const quote = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
  const fn = `__${name.replaceAll('-', '_')}_words`;
  const lines = levels.flatMap(({ words, commands, options }) => {
    const when = `-n ${quote(`test (${fn}) = "${words}"`)}`;
    return [
      ...commands.map(
        (each) => `complete -c ${name} ${when} -f -a ${each.name} -d ${quote(each.description)}`,
      ),
      ...options.map(
        (each) =>
          `complete -c ${name} ${when} -l ${each.name.replace(/^-+/, '')}` +
          `${each.takesValue ? ' -r' : ''} -d ${quote(each.description)}`,
      ),
    ];
  });
  const known = levels.map(({ words }) => quote(words)).filter((words) => words !== "''");
  return `function ${fn}
  set -l known ${known.join(' ')}
  set -l words ''
  for word in (commandline -opc)[2..-1]
    set -l longer (string trim -- "$words $word")
    contains -- "$longer" $known; and set words "$longer"
  end
  echo "$words"
end
${lines.join('\n')}
`;
}
