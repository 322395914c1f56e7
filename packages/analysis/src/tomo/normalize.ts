/** The smallest transmission a logarithm is taken of: less is noise of an opaque spot. */
export const lowestTransmission = 1e-3;

/** What had to be mended while normalising. */
export interface Mended {
  /** Values raised to {@link lowestTransmission}. */
  clipped: number;
  /** Values of pixels without a usable flat field, or not finite: taken from neighbours. */
  replaced: number;
}

/**
 * (counts - dark) / (flat - dark) of one slice, in place; NaN where that is no number.
 *
 * @param counts float32[angles, columns], as the detector gave them.
 * @param dark float64[columns], mean of the frames without beam.
 * @param flat float64[columns], mean of the frames without sample.
 */
export function toTransmission(counts: Float32Array, dark: Float64Array, flat: Float64Array): void {
  const columns = dark.length;
  for (let i = 0, column = 0; i < counts.length; i += 1) {
    const beam = flat[column]! - dark[column]!;
    counts[i] = beam > 0 ? (counts[i]! - dark[column]!) / beam : NaN;
    column = column + 1 === columns ? 0 : column + 1;
  }
}

/**
 * -ln(transmission), in place. Values that are not finite become the mean of the nearest finite
 * ones in the same projection; a projection without any becomes 0 (no absorption).
 *
 * @param transmission float32[angles, columns].
 */
export function toAbsorption(transmission: Float32Array, columns: number): Mended {
  const mended: Mended = { clipped: 0, replaced: 0 };
  for (let start = 0; start < transmission.length; start += columns) {
    const row = transmission.subarray(start, start + columns);
    mended.replaced += fillGaps(row);
    for (let i = 0; i < columns; i += 1) {
      if (row[i]! < lowestTransmission) {
        row[i] = lowestTransmission;
        mended.clipped += 1;
      }
      row[i] = -Math.log(row[i]!);
    }
  }
  return mended;
}

/** Gives values that are not finite the mean of their nearest neighbours; says how many. */
function fillGaps(row: Float32Array): number {
  let replaced = 0;
  for (let i = 0; i < row.length; i += 1) {
    if (Number.isFinite(row[i]!)) continue;
    let end = i;
    while (end < row.length && !Number.isFinite(row[end]!)) end += 1;
    const left = i > 0 ? row[i - 1] : undefined;
    const right = end < row.length ? row[end] : undefined;
    row.fill(((left ?? right ?? 1) + (right ?? left ?? 1)) / 2, i, end);
    replaced += end - i;
    i = end;
  }
  return replaced;
}
