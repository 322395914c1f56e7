/** What a cell may hold; null and undefined are drawn as a dash. */
export type Cell = string | number | boolean | null | undefined;

/** Rows under headings. */
export interface Table {
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
  /** Said instead of an empty table. */
  empty: string;
}

/**
 * Draws a table with aligned columns; numbers stand to the right. Rows wider than `width` are cut
 * with an ellipsis (no limit when 0).
 */
export function renderTable(table: Table, width = 0): string {
  if (table.rows.length === 0) return table.empty;
  const rows = table.rows.map((row) => row.map(cellText));
  const widths = table.columns.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const isNumeric = table.columns.map((_, column) =>
    table.rows.every((row) => typeof row[column] === 'number' || row[column] == null),
  );
  const line = (cells: readonly string[]) => {
    const padded = cells.map((cell, column) =>
      isNumeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    return cut(padded.join('  ').trimEnd(), width);
  };
  return [line(table.columns.map((name) => name.toUpperCase())), ...rows.map(line)].join('\n');
}

/** Draws name and value pairs below each other. */
export function renderFields(fields: readonly (readonly [string, Cell])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${cellText(value)}`).join('\n');
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined || cell === '') return '-';
  // A newline or an escape sequence in a name must not draw outside its cell.
  return String(cell).replaceAll(/\p{Cc}+/gu, ' ');
}

/** Shortens a line to a width, with an ellipsis; 0 leaves it as it is. */
export function cut(line: string, width: number): string {
  return width > 0 && line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line;
}
