import { Gridrec } from '../gridrec.ts';

/** What {@link entropyCenter} needs besides the sinogram. */
export interface EntropyCenterOptions {
  columns: number;
  anglesRadians: Float64Array;
  /** Where the search begins; the middle of the detector when absent. */
  startColumn?: number;
  /** The search ends when its steps are this short; tomopy uses 0.5. */
  toleranceColumns?: number;
}

const bins = 64;

/**
 * The rotation axis at which the reconstruction's histogram has the least entropy, by a
 * Nelder-Mead search as tomopy's `find_center` (Donath et al., J. Opt. Soc. Am. A 23 (2006) 1048).
 * It finds the nearest minimum: start within about 5 % of the width.
 *
 * @param sinogram float32[angles, columns] of one slice, minus logarithm of the transmission.
 * @returns The axis in pixels from the centre of column 0.
 */
export function entropyCenter(sinogram: Float32Array, options: EntropyCenterOptions): number {
  const { columns, anglesRadians, toleranceColumns = 0.5 } = options;
  const gridrec = new Gridrec({
    columns,
    anglesRadians,
    filter: 'shepp',
    padding: 1,
    beyondEdge: 'zero',
    rounding: 'exact',
  });
  const image = new Float32Array(columns * columns);
  const reconstruct = (center: number): void => {
    gridrec.reconstruct(sinogram, undefined, center, image, undefined);
    maskOutsideCircle(image, columns);
  };
  reconstruct(columns / 2);
  const [lowest, highest] = histogramRange(image);
  return minimizeOnLine(
    (center) => {
      reconstruct(Math.min(columns - 1, Math.max(0, center)));
      return entropy(image, lowest, highest);
    },
    options.startColumn ?? Math.floor(columns / 2),
    toleranceColumns,
  );
}

/** Sets what lies outside the inscribed circle, which not every angle has seen, to 0. */
export function maskOutsideCircle(image: Float32Array, size: number): void {
  const radius = size / 2;
  for (let row = 0; row < size; row += 1) {
    const y = row + 0.5 - radius;
    for (let column = 0; column < size; column += 1) {
      const x = column + 0.5 - radius;
      if (x * x + y * y >= radius * radius) image[row * size + column] = 0;
    }
  }
}

/** Twice as wide as the values on both sides, so that worse centres still fit. */
function histogramRange(image: Float32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of image) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low < 0 ? 2 * low : low / 2, high < 0 ? high / 2 : 2 * high];
}

/** Shannon entropy in bits of the histogram of an image. */
function entropy(image: Float32Array, lowest: number, highest: number): number {
  const counts = new Float64Array(bins);
  const scale = bins / (highest - lowest || 1);
  for (const value of image) {
    if (value < lowest || value > highest) continue;
    const bin = Math.min(bins - 1, Math.floor((value - lowest) * scale));
    counts[bin] = counts[bin]! + 1;
  }
  let sum = 0;
  for (const count of counts) {
    const share = count / image.length + 1e-12;
    sum -= share * Math.log2(share);
  }
  return sum;
}

/** Nelder-Mead in one dimension, with scipy's first step of 5 % and its order of tries. */
export function minimizeOnLine(
  cost: (x: number) => number,
  start: number,
  tolerance: number,
): number {
  let best = { x: start, cost: cost(start) };
  const first = start === 0 ? 0.00025 : 1.05 * start;
  let worst = { x: first, cost: cost(first) };
  const at = (x: number): { x: number; cost: number } => ({ x, cost: cost(x) });
  for (let round = 0; round < 200; round += 1) {
    if (worst.cost < best.cost) [best, worst] = [worst, best];
    if (Math.abs(worst.x - best.x) <= tolerance) break;
    const step = best.x - worst.x;
    const reflected = at(best.x + step);
    if (reflected.cost < best.cost) {
      const expanded = at(best.x + 2 * step);
      worst = expanded.cost < reflected.cost ? expanded : reflected;
      continue;
    }
    const outside = reflected.cost < worst.cost;
    const contracted = at(best.x + (outside ? 0.5 : -0.5) * step);
    const limit = outside ? reflected.cost : worst.cost;
    worst = contracted.cost <= limit ? contracted : at(best.x - 0.5 * step);
  }
  return best.cost <= worst.cost ? best.x : worst.x;
}
