import { createFft2d } from '../../fft/fft-2d.ts';

/**
 * The rotation axis from two projections half a turn apart: half the shift between the first and
 * the mirrored second, found by phase correlation and refined by an upsampled transform around the
 * peak (Guizar-Sicairos, Thurman & Fienup, Optics Letters 33 (2008) 156).
 * When the two are not exactly 180° apart it is off by about as much as the sample moved.
 *
 * @param first float32[rows, columns].
 * @param opposite float32[rows, columns], 180° later.
 * @param toleranceColumns Fineness of the answer.
 * @returns The axis in pixels from the centre of column 0.
 */
export function phaseCenter(
  first: Float32Array,
  opposite: Float32Array,
  columns: number,
  toleranceColumns = 0.5,
): number {
  const rows = first.length / columns;
  const product = crossPower(first, opposite, rows, columns);
  const correlation = product.slice();
  createFft2d(rows, columns).inverse(correlation);
  let peak = 0;
  let highest = -1;
  for (let i = 0; i < rows * columns; i += 1) {
    const size = correlation[2 * i]! ** 2 + correlation[2 * i + 1]! ** 2;
    if (size > highest) [peak, highest] = [i, size];
  }
  const wrap = (index: number, length: number): number =>
    index > Math.floor(length / 2) ? index - length : index;
  const rowShift = wrap(Math.floor(peak / columns), rows);
  const columnShift = wrap(peak % columns, columns);
  const fine = refine(product, rows, columns, rowShift, columnShift, 1 / toleranceColumns);
  return (columns + fine - 1) / 2;
}

/** Normalised cross power spectrum of the first image and the mirrored second. */
function crossPower(
  first: Float32Array,
  opposite: Float32Array,
  rows: number,
  columns: number,
): Float64Array {
  const fft = createFft2d(rows, columns);
  // Both are real: one transform of first + i·mirrored holds both spectra.
  const both = new Float64Array(2 * rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      both[2 * at] = first[at]!;
      both[2 * at + 1] = opposite[row * columns + columns - 1 - column]!;
    }
  }
  fft.forward(both);
  const product = new Float64Array(both.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = 2 * (row * columns + column);
      const partner = 2 * (((rows - row) % rows) * columns + ((columns - column) % columns));
      const [zr, zi, wr, wi] = [both[at]!, both[at + 1]!, both[partner]!, both[partner + 1]!];
      const [ar, ai] = [(zr + wr) / 2, (zi - wi) / 2];
      const [br, bi] = [(zi + wi) / 2, (wr - zr) / 2];
      const [re, im] = [ar * br + ai * bi, ai * br - ar * bi];
      const size = Math.max(Math.hypot(re, im), 100 * Number.EPSILON);
      product[at] = re / size;
      product[at + 1] = im / size;
    }
  }
  return product;
}

/** The column shift of the correlation's peak on a grid `factor` times finer, ±0.75 px around. */
function refine(
  product: Float64Array,
  rows: number,
  columns: number,
  rowShift: number,
  columnShift: number,
  factor: number,
): number {
  const reach = Math.floor(Math.ceil(1.5 * factor) / 2);
  let best = columnShift;
  let highest = -1;
  for (let stepColumn = -reach; stepColumn <= reach; stepColumn += 1) {
    const shift = columnShift + stepColumn / factor;
    const sums = alongRows(product, rows, columns, shift);
    for (let stepRow = rows > 1 ? -reach : 0; stepRow <= (rows > 1 ? reach : 0); stepRow += 1) {
      let [re, im] = [0, 0];
      for (let row = 0; row < rows; row += 1) {
        const frequency = row > (rows - 1) / 2 ? row - rows : row;
        const angle = (2 * Math.PI * frequency * (rowShift + stepRow / factor)) / rows;
        re += sums[2 * row]! * Math.cos(angle) - sums[2 * row + 1]! * Math.sin(angle);
        im += sums[2 * row]! * Math.sin(angle) + sums[2 * row + 1]! * Math.cos(angle);
      }
      if (re * re + im * im > highest) [best, highest] = [shift, re * re + im * im];
    }
  }
  return best;
}

/** For each row of the product, its inverse transform at one (fractional) column. */
function alongRows(
  product: Float64Array,
  rows: number,
  columns: number,
  shift: number,
): Float64Array {
  const phases = new Float64Array(2 * columns);
  for (let column = 0; column < columns; column += 1) {
    const frequency = column > (columns - 1) / 2 ? column - columns : column;
    phases[2 * column] = Math.cos((2 * Math.PI * frequency * shift) / columns);
    phases[2 * column + 1] = Math.sin((2 * Math.PI * frequency * shift) / columns);
  }
  const sums = new Float64Array(2 * rows);
  for (let row = 0; row < rows; row += 1) {
    let [re, im] = [0, 0];
    for (let i = 0; i < 2 * columns; i += 2) {
      const at = 2 * row * columns + i;
      re += product[at]! * phases[i]! - product[at + 1]! * phases[i + 1]!;
      im += product[at]! * phases[i + 1]! + product[at + 1]! * phases[i]!;
    }
    sums[2 * row] = re;
    sums[2 * row + 1] = im;
  }
  return sums;
}
