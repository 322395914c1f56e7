import { namesCommand, type CompletionLevel } from './completion-levels.ts';
import type { WordValue } from './word-value.ts';

/** The completion of fish. */
export function fishCompletion(name: string, levels: readonly CompletionLevel[]): string {
  const fn = `__${name.replaceAll('-', '_')}_words`;
  const lines = levels.flatMap(({ words, commands, options, positions }) => {
    const when = `-n ${quote(`test (${fn}) = "${words}"`)}`;
    const first = positions[0];
    const offered = first === undefined ? '' : valueOf(name, first);
    return [
      ...commands.map(
        (each) => `complete -c ${name} ${when} -f -a ${each.name} -d ${quote(each.description)}`,
      ),
      ...(offered === '' ? [] : [`complete -c ${name} ${when} ${offered}`]),
      ...options.map((each) => {
        const takes = each.value === null ? '' : ` -r ${valueOf(name, each.value)}`;
        const long = each.name.replace(/^-+/, '');
        return `complete -c ${name} ${when} -l ${long}${takes} -d ${quote(each.description)}`;
      }),
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
complete -c ${name} -f
${lines.join('\n')}
`;
}

function valueOf(name: string, value: WordValue): string {
  switch (value.kind) {
    case 'names':
      return `-f -k -a ${quote(`(${name} ${namesCommand} ${value.of} 2>/dev/null)`)}`;
    case 'words':
      return `-f -a ${quote(value.words.join(' '))}`;
    case 'files':
      return '-F';
    case 'text':
      return '-f';
  }
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
