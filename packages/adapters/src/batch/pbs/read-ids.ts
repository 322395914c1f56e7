/** Job ids in an answer of `qsub` or `qselect`, one a line; a site's greeting may come first. */
export function readIds(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => /^\d+(\[\d*\])?\.\S+$/.test(line));
}
