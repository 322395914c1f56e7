import type { CorrelationSums } from './correlation-sums.ts';

/** Correlation functions, one row for each dynamic bin. */
export interface G2 {
  bins: number;
  delays: number;
  /** float64[bins, delays]; NaN where a bin saw nothing. */
  g2: Float64Array;
  /** Standard error of the mean over the pixels of the bin; NaN where pixels tell none. */
  error: Float64Array;
  /** Mean of I(t)·I(t+τ) over the pixels of the bin, not normalised. */
  unnormalized: Float64Array;
  /** Pixels with counts, from which the error was taken. */
  pixelsUsed: Float64Array;
}

/** Below this share of its terms a sum of squares is rounding: the pixels agree by construction. */
const leastSpread = 1e-13;

/**
 * Symmetric normalisation in the usual order: sums over the pixels of a static bin first, then
 * g2 = G2 / (past · future), then the plain mean over the static bins of a dynamic bin.
 *
 * @param staticToDynamic dynamic bin (from 1) of each static bin; 0 for none.
 */
export function normalizeG2(
  sums: CorrelationSums,
  staticToDynamic: Int32Array,
  dynamicCount: number,
): G2 {
  const bins = dynamicCount;
  const delays = sums.used.length / bins;
  const g2 = new Float64Array(bins * delays).fill(Number.NaN);
  const error = new Float64Array(bins * delays).fill(Number.NaN);
  const unnormalized = new Float64Array(bins * delays);
  for (let bin = 0; bin < bins; bin += 1) {
    const members: number[] = [];
    staticToDynamic.forEach((target, index) => {
      if (target === bin + 1 && sums.staticPixels[index]! > 0) members.push(index);
    });
    const pixels = members.reduce((total, each) => total + sums.staticPixels[each]!, 0);
    for (let delay = 0; delay < delays; delay += 1) {
      const at = bin * delays + delay;
      const values = members
        .map((each) => {
          const from = each * delays + delay;
          const norm = sums.past[from]! * sums.future[from]!;
          return (sums.products[from]! * sums.staticPixels[each]!) / norm;
        })
        .filter((value) => Number.isFinite(value));
      const products = members.reduce(
        (sum, each) => sum + sums.products[each * delays + delay]!,
        0,
      );
      unnormalized[at] = products / pixels;
      if (values.length === 0) continue;
      g2[at] = values.reduce((sum, value) => sum + value, 0) / values.length;
      const used = sums.used[at]!;
      if (used < 2) continue;
      const squares = sums.squaredDeviation[at]! - sums.deviation[at]! ** 2 / used;
      // Where a delay has one pair of frames every pixel's ratio is exactly 1: that is no error.
      const rounding = leastSpread * (used + sums.squaredDeviation[at]!);
      if (squares > rounding) error[at] = Math.sqrt(squares / (used - 1) / used);
    }
  }
  return { bins, delays, g2, error, unnormalized, pixelsUsed: sums.used };
}
