import { createComplexFft } from './complex-fft.ts';

/** A two-dimensional complex transform of one shape, with its tables and scratch rows. */
export interface Fft2d {
  readonly rows: number;
  readonly columns: number;
  /** In place and unscaled; `data` is complex[rows, columns], interleaved, row-major. */
  forward(data: Float64Array): void;
  /** In place, scaled by 1/(rows·columns): undoes {@link Fft2d.forward}. */
  inverse(data: Float64Array): void;
}

/** Columns gathered together: eight float64 pairs fill two cache lines of every row. */
const columnBlock = 8;

/**
 * A two-dimensional complex Fourier transform of any shape.
 *
 * @throws RangeError when a side is not a positive integer.
 */
export function createFft2d(rows: number, columns: number): Fft2d {
  const alongRow = createComplexFft(columns);
  const alongColumn = rows === columns ? alongRow : createComplexFft(rows);
  const rowScratch = new Float64Array(2 * columns);
  const gathered = Array.from({ length: columnBlock }, () => new Float64Array(2 * rows));
  const transformed = new Float64Array(2 * rows);

  function transform(data: Float64Array, direction: 'forward' | 'inverse'): void {
    for (let row = 0; row < rows; row += 1) {
      const view = data.subarray(2 * row * columns, 2 * (row + 1) * columns);
      alongRow[direction](rowScratch, view);
      view.set(rowScratch);
    }
    for (let first = 0; first < columns; first += columnBlock) {
      const width = Math.min(columnBlock, columns - first);
      for (let row = 0; row < rows; row += 1) {
        const at = 2 * (row * columns + first);
        for (let c = 0; c < width; c += 1) {
          const column = gathered[c]!;
          column[2 * row] = data[at + 2 * c]!;
          column[2 * row + 1] = data[at + 2 * c + 1]!;
        }
      }
      for (let c = 0; c < width; c += 1) {
        alongColumn[direction](transformed, gathered[c]!);
        gathered[c]!.set(transformed);
      }
      for (let row = 0; row < rows; row += 1) {
        const at = 2 * (row * columns + first);
        for (let c = 0; c < width; c += 1) {
          data[at + 2 * c] = gathered[c]![2 * row]!;
          data[at + 2 * c + 1] = gathered[c]![2 * row + 1]!;
        }
      }
    }
  }

  return {
    rows,
    columns,
    forward: (data) => transform(data, 'forward'),
    inverse: (data) => transform(data, 'inverse'),
  };
}
