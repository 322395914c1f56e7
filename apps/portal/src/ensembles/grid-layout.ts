/** Where the cells of a grid lie, in CSS pixels. */
export interface GridLayout {
  count: number;
  columns: number;
  rows: number;
  /** From one cell to the next; the cell itself is smaller by the gap. */
  pitch: number;
  gap: number;
  height: number;
}

const pitches = { largest: 22, smallest: 3 } as const;

/** The largest square cells with which all fit into the room; the smallest, when none do. */
export function layOutGrid(count: number, width: number, height: number): GridLayout {
  let pitch: number = pitches.largest;
  while (pitch > pitches.smallest && rowsFor(count, width, pitch) * pitch > height) pitch -= 1;
  const columns = columnsFor(width, pitch);
  const rows = rowsFor(count, width, pitch);
  const gap = pitch > 5 ? Math.max(1, Math.round(pitch / 10)) : pitch > 3 ? 1 : 0.5;
  return { count, columns, rows, pitch, gap, height: rows * pitch };
}

function columnsFor(width: number, pitch: number): number {
  return Math.max(1, Math.floor(width / pitch));
}

function rowsFor(count: number, width: number, pitch: number): number {
  return Math.ceil(count / columnsFor(width, pitch));
}

/** The upper left corner of a cell. */
export function cellCorner(layout: GridLayout, index: number): { x: number; y: number } {
  return {
    x: (index % layout.columns) * layout.pitch,
    y: Math.floor(index / layout.columns) * layout.pitch,
  };
}

/** The cell under a point; null where there is none. */
export function cellAt(layout: GridLayout, x: number, y: number): number | null {
  const column = Math.floor(x / layout.pitch);
  const row = Math.floor(y / layout.pitch);
  if (column < 0 || column >= layout.columns || row < 0) return null;
  const index = row * layout.columns + column;
  return index < layout.count ? index : null;
}

/** Where a key leads from a cell; null for a key that does not move. */
export function cellAfterKey(layout: GridLayout, index: number, key: string): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -layout.columns,
    ArrowDown: layout.columns,
    Home: -layout.count,
    End: layout.count,
  };
  const step = steps[key];
  return step === undefined ? null : Math.min(layout.count - 1, Math.max(0, index + step));
}
