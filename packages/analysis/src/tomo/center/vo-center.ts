import { createFft2d } from '../../fft/fft-2d.ts';
import { gaussianBlur } from './gaussian-blur.ts';

/** How {@link voCenter} searches; defaults as in tomopy. */
export interface VoCenterOptions {
  /** Of the coarse search on either side of the detector's middle. */
  reachColumns?: number;
  /** Of the fine search around the coarse answer. */
  fineReachColumns?: number;
  fineStepColumns?: number;
  /** Field of view over the object's size. */
  ratio?: number;
}

/** Rows left out around zero frequency of the angles, where everything is strong. */
const dropRows = 20;

/**
 * The rotation axis at which a sinogram and its mirror image join to a whole turn: the one that
 * leaves least outside the double wedge of the 360° sinogram's Fourier transform. Vo, Drakopoulos,
 * Atwood & Reinhard, Optics Express 22 (2014) 19078. Needs angles evenly over 180°.
 *
 * @param sinogram float32[angles, columns], minus logarithm of the transmission.
 * @returns The axis in pixels from the centre of column 0.
 */
export function voCenter(
  sinogram: Float32Array,
  columns: number,
  options: VoCenterOptions = {},
): number {
  const { reachColumns = 50, fineReachColumns = 6, fineStepColumns = 0.25, ratio = 0.5 } = options;
  const rows = sinogram.length / columns;
  const middle = (columns - 1) / 2;
  const reach = Math.min(reachColumns, Math.floor(middle));
  const binned = binDown(gaussianBlur(sinogram, rows, columns, 3, 1), columns);
  const { factor } = binned;
  const half = Math.floor(binned.columns / 2);
  const binnedReach = Math.min(Math.ceil(reach / factor), half - 1);
  const steps = range(half - binnedReach, half + binnedReach, factor > 1 ? 0.5 : 1);
  // The middle of a wide column lies half its width right of its left edge.
  const coarse = search(binned.sinogram, binned.columns, steps, ratio) * factor + (factor - 1) / 2;
  const fineReach = Math.min(fineReachColumns, columns / 4);
  const start = Math.min(columns - fineReach - 1, Math.max(fineReach, coarse));
  return search(
    gaussianBlur(sinogram, rows, columns, 2, 2),
    columns,
    range(start - fineReach, start + fineReach, fineStepColumns),
    ratio,
  );
}

function range(from: number, to: number, step: number): number[] {
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => from + i * step);
}

/** Averages blocks of a large sinogram for the coarse search, which then costs about the same. */
function binDown(
  sinogram: Float32Array,
  columns: number,
): { sinogram: Float32Array; columns: number; factor: number } {
  const rows = sinogram.length / columns;
  const factor = Math.min(4, Math.max(1, Math.round(columns / 512)));
  if (factor === 1 || rows < 64 * factor) return { sinogram, columns, factor: 1 };
  const [lessRows, lessColumns] = [Math.floor(rows / factor), Math.floor(columns / factor)];
  const binned = new Float32Array(lessRows * lessColumns);
  for (let row = 0; row < lessRows * factor; row += 1) {
    for (let column = 0; column < lessColumns * factor; column += 1) {
      const to = Math.floor(row / factor) * lessColumns + Math.floor(column / factor);
      binned[to] = binned[to]! + sinogram[row * columns + column]! / (factor * factor);
    }
  }
  return { sinogram: binned, columns: lessColumns, factor };
}

function search(
  sinogram: Float32Array,
  columns: number,
  centers: readonly number[],
  ratio: number,
): number {
  const rows = sinogram.length / columns;
  const fft = createFft2d(2 * rows, columns);
  const mask = wedgeMask(2 * rows, columns, (ratio * columns) / 2);
  const turns = new Float64Array(4 * rows * columns);
  const mirror = (2 * rows + 1) * columns;
  let best = { center: centers[0]!, metric: Infinity };
  for (let i = 0; i < centers.length; i += 2) {
    // Two trials share a transform, as real and imaginary part; symmetry parts them again.
    const pair = [centers[i]!, centers[Math.min(i + 1, centers.length - 1)]!];
    pair.forEach((center, part) =>
      joinMirrored(sinogram, columns, 2 * center - (columns - 1), turns, part),
    );
    fft.forward(turns);
    const metrics = [0, 0];
    for (const at of mask) {
      const [z, w] = [2 * at, 2 * (mirror - at)];
      const [zr, zi, wr, wi] = [turns[z]!, turns[z + 1]!, turns[w]!, turns[w + 1]!];
      metrics[0]! += Math.sqrt((zr + wr) ** 2 + (zi - wi) ** 2);
      metrics[1]! += Math.sqrt((zi + wi) ** 2 + (wr - zr) ** 2);
    }
    for (const [part, metric] of metrics.entries()) {
      if (metric < best.metric) best = { center: pair[part]!, metric };
    }
  }
  return best.center;
}

/**
 * The sinogram with its mirror image, moved by `shift` columns, below it: 360°, as part 0 (real) or
 * 1 (imaginary) of `turns`. Columns that the shift leaves empty come from the sinogram upside down.
 */
function joinMirrored(
  sinogram: Float32Array,
  columns: number,
  shift: number,
  turns: Float64Array,
  part: number,
): void {
  const rows = sinogram.length / columns;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      turns[2 * at + part] = sinogram[at]!;
      // Mirrored and shifted: column c shows column (columns - 1 - c + shift) of the sinogram.
      const from = columns - 1 - column + shift;
      const left = Math.floor(from);
      const filled = left >= 0 && from <= columns - 1;
      const a = row * columns + left;
      const value = filled
        ? sinogram[a]! + (from - left) * ((from > left ? sinogram[a + 1]! : 0) - sinogram[a]!)
        : sinogram[(rows - 1 - row) * columns + column]!;
      turns[2 * (rows * columns + at) + part] = value;
    }
  }
}

/**
 * Indices of half the frequencies outside the double wedge (the other half mirrors them): for row
 * frequency v the wedge reaches to column frequency v·(rows - 1)/(2π·rows)·columns/radius.
 */
function wedgeMask(rows: number, columns: number, radius: number): Uint32Array {
  const indices: number[] = [];
  const drop = Math.min(dropRows, Math.ceil(0.05 * rows));
  const perRow = ((rows - 1) / (rows * 2 * Math.PI) / radius) * columns;
  for (let v = drop + 1; v <= Math.floor(rows / 2); v += 1) {
    const reach = Math.min(Math.ceil(v * perRow), Math.floor((columns - 1) / 2));
    for (let u = 2; u <= reach; u += 1) {
      indices.push(v * columns + u, v * columns + columns - u);
    }
  }
  return Uint32Array.from(indices);
}
