import { createComplexFft } from '../fft/complex-fft.ts';

/** The filters a reconstruction can use, by tomopy's names. */
export const reconstructionFilters = [
  'none',
  'shepp',
  'cosine',
  'hann',
  'hamming',
  'ramlak',
  'parzen',
  'butterworth',
] as const;

/** One of {@link reconstructionFilters}. */
export type ReconstructionFilter = (typeof reconstructionFilters)[number];

/** Where a filter cuts off and, for `butterworth`, how steeply. */
export interface FilterShape {
  /** In cycles per pixel; 0.5 is the detector's limit. */
  cutoffCyclesPerPixel: number;
  /** Order of the Butterworth filter. */
  order: number;
}

/** tomopy's defaults. */
export const defaultFilterShape: FilterShape = { cutoffCyclesPerPixel: 0.5, order: 8 };

/**
 * The filter's value at a spatial frequency of 0 to 0.5 cycles per pixel: the ramp 2x times a
 * window. Formulas as in tomopy's gridrec (BSD-3, Argonne), where `hann` and `hamming` have their
 * first zero at half the cut-off.
 */
export function reconstructionFilter(
  name: ReconstructionFilter,
  frequencyCyclesPerPixel: number,
  shape: FilterShape = defaultFilterShape,
): number {
  const x = Math.abs(frequencyCyclesPerPixel);
  const ratio = x / shape.cutoffCyclesPerPixel;
  switch (name) {
    case 'none':
      return 1;
    case 'ramlak':
      return 2 * x;
    case 'shepp':
      return x === 0 ? 0 : (2 * Math.sin(Math.PI * x)) / Math.PI;
    case 'cosine':
      return 2 * x * Math.cos(Math.PI * x);
    case 'hann':
      return x * (1 + Math.cos(2 * Math.PI * ratio));
    case 'hamming':
      return 2 * x * (0.54 + 0.46 * Math.cos(2 * Math.PI * ratio));
    case 'parzen':
      return 2 * x * (1 - ratio) ** 3;
    case 'butterworth':
      return (2 * x) / (1 + ratio ** (2 * shape.order));
  }
}

/**
 * The filter at frequencies 0, 1, .. length/2 - 1 of a transform of `length` samples.
 *
 * @param ramp `sampled` takes |ω| at each frequency, which loses the mean and makes images too low
 * in the middle; `bandLimited` takes the transform of the ramp's own response in space, cut to the
 * length (Kak & Slaney, Principles of Computerized Tomographic Imaging, 1988, eq. 61).
 */
export function filterTable(
  name: ReconstructionFilter,
  length: number,
  shape: FilterShape,
  ramp: 'sampled' | 'bandLimited',
): Float64Array {
  const table = Float64Array.from({ length: length / 2 }, (_, j) =>
    reconstructionFilter(name, j / length, shape),
  );
  if (ramp === 'sampled' || name === 'none') return table;
  const response = new Float64Array(2 * length);
  const spectrum = new Float64Array(2 * length);
  response[0] = 1 / 4;
  for (let n = 1; n <= length / 2; n += 2) {
    response[2 * n] = -1 / (Math.PI * n) ** 2;
    response[2 * (length - n)] = response[2 * n]!;
  }
  createComplexFft(length).forward(spectrum, response);
  table[0] = 2 * spectrum[0]!;
  for (let j = 1; j < table.length; j += 1) table[j] = (table[j]! * spectrum[2 * j]! * length) / j;
  return table;
}
