import { namesCommand, type CompletionLevel } from './completion-levels.ts';
import type { WordValue } from './word-value.ts';

/** The completion of bash, and of zsh, which runs bash's functions. */
export function bashCompletion(name: string, levels: readonly CompletionLevel[]): string {
  const fn = `_${name.replaceAll('-', '_')}`;
  const valued = new Set(
    levels.flatMap(({ options }) =>
      options.flatMap((each) => (each.value === null ? [] : [each.name])),
    ),
  );
  const known = levels.map(({ words }) => `'${words}'`).filter((words) => words !== "''");
  const offered = levels.map(({ words, commands, options }) => {
    const nouns = commands.map((each) => each.name).join(' ');
    const flags = options.map((each) => each.name).join(' ');
    return `    '${words}') nouns='${nouns}' flags='${flags}' ;;`;
  });
  return `${valueFunction(fn)}${fn}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words='' last='' nouns='' flags=''
  local position=0 word longer index IFS=$' \\t\\n'
  [[ "$current" == '=' ]] && current=''
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    [[ "$word" == '=' ]] && continue
    if [[ -n "$last" ]]; then last=''; continue; fi
    case "$word" in
      ${[...valued].join('|')}) last="$word"; continue ;;
      -*) continue ;;
    esac
    longer="\${words:+$words }$word"
    case "$longer" in
      ${known.join('|')}) words="$longer"; position=0 ;;
      *) position=$((position + 1)) ;;
    esac
  done
  COMPREPLY=()
  if [[ -n "$last" ]]; then
    case "$words|$last" in
${casesOf(fn, levels.flatMap(optionPlaces))}
    esac
    return
  fi
  case "$words" in
${offered.join('\n')}
  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
    return
  fi
  case "$words|$position" in
${casesOf(fn, levels.flatMap(argumentPlaces))}
    *) COMPREPLY=($(compgen -W "$nouns" -- "$current")) ;;
  esac
  [[ -z "$current" && \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -W "$flags"))
}
complete -F ${fn} ${name}
`;
}

/** Offers files, words, or the names of a kind that the hub knows. */
function valueFunction(fn: string): string {
  return `${fn}_value() {
  local words="$2" IFS=$'\\n'
  if [[ "$1" == files ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
    compopt -o filenames 2>/dev/null
    return
  fi
  [[ "$1" == names ]] && words="$("\${COMP_WORDS[0]}" ${namesCommand} "$2" 2>/dev/null | cut -f 1)"
  IFS=$' \\t\\n'
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
`;
}

/** A pattern of a case, and what is offered there. */
type Place = readonly [pattern: string, value: WordValue];

function optionPlaces({ words, options }: CompletionLevel): Place[] {
  return options.flatMap(({ name, value }) =>
    value === null ? [] : [[`'${words}|${name}'`, value] as const],
  );
}

function argumentPlaces({ words, positions, isVariadic }: CompletionLevel): Place[] {
  const last = positions.length - 1;
  return positions.map((value, index) => {
    const pattern = isVariadic && index === last ? `'${words}|'*` : `'${words}|${index}'`;
    return [pattern, value] as const;
  });
}

/** One branch for all places where the same is offered; text is for the user to think of. */
function casesOf(fn: string, places: readonly Place[]): string {
  const patterns = new Map<string, string[]>();
  for (const [pattern, value] of places) {
    if (value.kind === 'text') continue;
    const detail = value.kind === 'names' ? value.of : '';
    const words = value.kind === 'words' ? value.words.join(' ') : detail;
    const call = `${fn}_value ${value.kind} '${words}'`;
    patterns.set(call, [...(patterns.get(call) ?? []), pattern]);
  }
  // An exact place goes before the one that counts for all that follow.
  const isOpen = (list: readonly string[]) => list.some((pattern) => pattern.endsWith('*'));
  const sorted = [...patterns].toSorted(([, one], [, other]) => +isOpen(one) - +isOpen(other));
  return sorted.map(([call, list]) => `    ${list.join('|')}) ${call} ;;`).join('\n');
}
