/**
 * The words of a command as people type it: divided at spaces and line ends, quotes and backslashes
 * as in a shell, and nothing else of a shell. Null when a quote is not closed.
 */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  const piece = /\s+|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+)|(['"\\])/g;
  let word: string | null = null;
  for (const [text, single, double, escaped, plain, open] of line.matchAll(piece)) {
    if (open !== undefined) return null;
    const part =
      single ?? (double === undefined ? undefined : unquote(text, double)) ?? escaped ?? plain;
    if (part !== undefined) word = (word ?? '') + part;
    else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  return word === null ? words : [...words, word];
}

/** What stands in double quotes; JSON's escapes are known, others mean the letter itself. */
function unquote(quoted: string, inner: string): string {
  try {
    return JSON.parse(quoted.replaceAll('\n', '\\n')) as string;
  } catch {
    return inner.replaceAll(/\\([^])/g, '$1');
  }
}
