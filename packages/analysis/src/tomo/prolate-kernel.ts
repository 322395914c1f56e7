/** Bandwidth of the kernel. */
const bandwidth = 7;
/** Eigenvalue of the zeroth prolate function for that bandwidth. */
const eigenvalue = 0.99998546;
/** Even Legendre coefficients of the zeroth prolate spheroidal function for bandwidth 7. */
const coefficients = [
  57.67616, -89.31343, 41.67596, -10.53599, 1.662374, -0.1780527, 0.01372983, -7.963169e-4,
  3.593372e-5, -1.295941e-6, 3.817796e-8,
];

/** Grid points on either side of a sample that its kernel touches. */
export const kernelHalfWidth = 2;

/**
 * How closely numbers are computed: `exact` uses a fine table; `tomopy` repeats the rounding of
 * gridrec.c (coarse table, correction centred one point off) for images equal to tomopy's.
 */
export type KernelRounding = 'exact' | 'tomopy';

/** Entries of {@link kernelTable} for one step of the grid. */
export const kernelStepsPerPoint: Readonly<Record<KernelRounding, number>> = {
  exact: 2048,
  tomopy: 256,
};

/**
 * The zeroth prolate spheroidal wave function on [-1, 1], which falls off fastest among functions of
 * limited support; not scaled. Constants as in gridrec (tomopy, BSD-3, UChicago Argonne).
 */
export function prolate(x: number): number {
  let sum = coefficients[0]!;
  let penultimate = 1;
  let last = x;
  for (let degree = 2; degree <= 2 * (coefficients.length - 1); degree += 1) {
    const current = ((2 * degree - 1) * x * last - (degree - 1) * penultimate) / degree;
    if (degree % 2 === 0) sum += current * coefficients[degree / 2]!;
    penultimate = last;
    last = current;
  }
  return sum;
}

/** The kernel by distance: entry i is its value at i/stepsPerPoint grid points, 1 at distance 0. */
export function kernelTable(stepsPerPoint: number): Float64Array {
  const entries = kernelHalfWidth * stepsPerPoint;
  const table = new Float64Array(entries + 1);
  for (let i = 0; i <= entries; i += 1) table[i] = prolate(i / entries) / prolate(0);
  return table;
}

/**
 * float64[2·half]: the factor that undoes the kernel at each image point of a grid of 2·half points
 * (index half is the rotation axis), with the alternating sign for a frequency origin that lies in
 * the middle of the grid. Its square carries gridrec's scale, so images come out per pixel.
 */
export function kernelCorrection(half: number, rounding: KernelRounding): Float64Array {
  const norm = Math.sqrt(Math.PI / 2 / bandwidth / eigenvalue) / 1.2;
  const entries = kernelHalfWidth * kernelStepsPerPoint.tomopy;
  const correction = new Float64Array(2 * half);
  for (let i = 0; i < correction.length; i += 1) {
    const distance = Math.min(half - 0.5, Math.abs(rounding === 'exact' ? i - half : i - half + 1));
    // A prolate function is its own Fourier transform up to scale.
    const x = distance / (half - 0.5);
    const value =
      prolate(rounding === 'exact' ? x : Math.round(x * entries) / entries) / prolate(0);
    correction[i] = (i % 2 === 0 ? norm : -norm) / value;
  }
  return correction;
}
