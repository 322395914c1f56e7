/** What the values of a source are: raw counts need a flat field, the others do not. */
export type TomographyValues = 'counts' | 'transmission' | 'absorption';

/** Some neighbouring slices of a scan, read into memory. */
export interface TomographySlab {
  /** float32[slices, angles, columns]. */
  sinograms: Float32Array;
  /** float64[slices, columns]: mean frame without beam; 0 where none was taken. */
  dark: Float64Array;
  /** float64[slices, columns]: mean frame without sample; 1 where none is needed. */
  flat: Float64Array;
}

/** A parallel-beam scan: projections at many angles, read by slices (detector rows). */
export interface TomographySource {
  readonly path: string;
  readonly title: string | undefined;
  readonly slices: number;
  readonly columns: number;
  /** One for each projection. */
  readonly anglesRadians: Float64Array;
  /** Whether a flat field is at hand, to turn counts into transmission. */
  readonly hasFlat: boolean;
  readonly hasDark: boolean;
  /** Fills `sinograms` (float32[count, angles, columns]) and gives the slab's dark and flat. */
  readSlab(first: number, count: number, sinograms: Float32Array): TomographySlab;
  close(): void;
}

/**
 * Puts chosen frames of a stack into sinogram order.
 *
 * @param stack [frames, rows, columns] of any numeric type.
 * @param frames Which frames, in order; one sinogram line each.
 * @param sinograms float32[rows, frames.length, columns], overwritten.
 */
export function toSinograms(
  stack: ArrayLike<number | bigint>,
  frames: readonly number[],
  rows: number,
  columns: number,
  sinograms: Float32Array,
): void {
  for (const [angle, frame] of frames.entries()) {
    for (let row = 0; row < rows; row += 1) {
      const from = (frame * rows + row) * columns;
      const to = (row * frames.length + angle) * columns;
      for (let column = 0; column < columns; column += 1) {
        sinograms[to + column] = Number(stack[from + column]!);
      }
    }
  }
}

/** Mean of chosen frames of a stack [frames, length]; float64[length]. */
export function meanOfFrames(
  stack: ArrayLike<number | bigint>,
  frames: readonly number[],
  length: number,
): Float64Array {
  const mean = new Float64Array(length);
  for (const frame of frames) {
    for (let i = 0; i < length; i += 1) mean[i] = mean[i]! + Number(stack[frame * length + i]!);
  }
  return mean.map((sum) => sum / frames.length);
}
