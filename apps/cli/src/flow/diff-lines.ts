const contextLines = 3;

/**
 * What changed from one text to another, as people know it from patches: lines with `-` and `+`,
 * and some around them. Empty when nothing did.
 */
export function diffLines(before: readonly string[], after: readonly string[]): string[] {
  const all = allLines(before, after);
  const isChange = all.map((line) => !line.startsWith(' '));
  const shown = all.map((_, index) =>
    isChange.slice(Math.max(0, index - contextLines), index + contextLines + 1).includes(true),
  );
  return all.flatMap((line, index) => {
    if (shown[index] !== true) return [];
    return index > 0 && shown[index - 1] !== true ? ['@@', line] : [line];
  });
}

/** By the longest common subsequence; definitions have some hundred lines. */
function allLines(before: readonly string[], after: readonly string[]): string[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) {
    start += 1;
  }
  const old = before.slice(start);
  const now = after.slice(start);
  const width = now.length + 1;
  // Uint16 is enough for 65,535 lines in common.
  const common = new Uint16Array((old.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        old[row] === now[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines = before.slice(0, start).map((line) => ` ${line}`);
  let row = 0;
  let column = 0;
  while (row < old.length || column < now.length) {
    if (row < old.length && old[row] === now[column]) {
      lines.push(` ${old[row]}`);
      row += 1;
      column += 1;
    } else if (
      row < old.length &&
      (column >= now.length || at(row + 1, column) >= at(row, column + 1))
    ) {
      lines.push(`-${old[row]}`);
      row += 1;
    } else {
      lines.push(`+${now[column]}`);
      column += 1;
    }
  }
  return lines;
}
