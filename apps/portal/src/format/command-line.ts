/** Words as one would type them: quoted where a shell would split them. */
export function commandLine(words: string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./{}-]+$/.test(word) ? word : JSON.stringify(word)))
    .join(' ');
}
