/** Window of {@link removeRingsBySorting} when none is given: 1 % of the width, odd, 5 to 21. */
export function defaultRingWindow(columns: number): number {
  const window = Math.min(21, Math.max(5, Math.floor(0.01 * columns)));
  return window % 2 === 0 ? window + 1 : window;
}

/**
 * Removes stripes of a sinogram, which become rings, in place: every column is sorted by value, the
 * sorted rows are smoothed by a median across columns, and the values go back to their places.
 * Algorithm 3 of Vo, Atwood & Drakopoulos, Optics Express 26 (2018) 28396.
 *
 * @param sinogram float32[angles, columns].
 * @param windowColumns An odd number; wider removes wider stripes and blurs more.
 */
export function removeRingsBySorting(
  sinogram: Float32Array,
  columns: number,
  windowColumns: number = defaultRingWindow(columns),
): void {
  const angles = sinogram.length / columns;
  const ranks = new Uint32Array(sinogram.length);
  const sorted = new Float32Array(sinogram.length);
  sortColumns(sinogram, columns, sorted, ranks);
  const half = Math.floor(windowColumns / 2);
  const window = new Float32Array(2 * half + 1);
  const smooth = new Float32Array(columns);
  for (let rank = 0; rank < angles; rank += 1) {
    const row = sorted.subarray(rank * columns, (rank + 1) * columns);
    for (let column = 0; column < columns; column += 1) {
      for (let k = -half; k <= half; k += 1) window[k + half] = row[reflect(column + k, columns)]!;
      smooth[column] = median(window);
    }
    row.set(smooth);
  }
  for (let i = 0; i < sinogram.length; i += 1) {
    sinogram[i] = sorted[ranks[i]! * columns + (i % columns)]!;
  }
}

/** Sorts each column; `ranks` says where each value of the sinogram went. */
function sortColumns(
  sinogram: Float32Array,
  columns: number,
  sorted: Float32Array,
  ranks: Uint32Array,
): void {
  const angles = sinogram.length / columns;
  const value = new Float32Array(1);
  const bits = new Uint32Array(value.buffer);
  // One number holds a value's order and its angle, so that the native sort carries both.
  const keys = new Float64Array(angles);
  const perValue = 2 ** 21;
  for (let column = 0; column < columns; column += 1) {
    for (let angle = 0; angle < angles; angle += 1) {
      value[0] = sinogram[angle * columns + column]!;
      const order = bits[0]! >= 0x80000000 ? 0xffffffff - bits[0]! : bits[0]! + 0x80000000;
      keys[angle] = order * perValue + angle;
    }
    keys.sort();
    for (let rank = 0; rank < angles; rank += 1) {
      const from = (keys[rank]! % perValue) * columns + column;
      sorted[rank * columns + column] = sinogram[from]!;
      ranks[from] = rank;
    }
  }
}

/** d c b a | a b c d | d c b a: the edge mirrored, as often as needed. */
function reflect(index: number, length: number): number {
  const period = 2 * length;
  const at = ((index % period) + period) % period;
  return at < length ? at : period - 1 - at;
}

/** The middle value; sorts its argument, which is short. */
function median(values: Float32Array): number {
  for (let i = 1; i < values.length; i += 1) {
    const value = values[i]!;
    let at = i - 1;
    while (at >= 0 && values[at]! > value) {
      values[at + 1] = values[at]!;
      at -= 1;
    }
    values[at + 1] = value;
  }
  return values[values.length >> 1]!;
}
