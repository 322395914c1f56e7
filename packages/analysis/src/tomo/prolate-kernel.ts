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
 * How closely numbers are computed: `exact` uses a fine table and the kernel's own transform;
 * `tomopy` repeats gridrec.c for images equal to tomopy's: a coarse table, a correction for a
 * slightly wider kernel and centred one point off, values 12 % too high.
 */
export type KernelRounding = 'exact' | 'tomopy';

/** Entries of {@link kernelTable} for one step of the grid. */
export const kernelStepsPerPoint: Readonly<Record<KernelRounding, number>> = {
  exact: 2048,
  tomopy: 256,
};

/**
 * The zeroth prolate spheroidal wave function on [-1, 1], which among functions of limited support
 * has the narrowest transform; not scaled. Constants as in gridrec.c (tomopy, BSD-3, Argonne).
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

/** The kernel by distance: entry i is its value at i/stepsPerPoint grid points; 1 at 0. */
export function kernelTable(stepsPerPoint: number): Float64Array {
  const entries = kernelHalfWidth * stepsPerPoint;
  const table = new Float64Array(entries + 1);
  for (let i = 0; i <= entries; i += 1) table[i] = prolate(i / entries) / prolate(0);
  return table;
}

/**
 * float64[2·half]: the factor that undoes the kernel at each image point of a grid of 2·half points
 * (index half is the rotation axis), with the alternating sign for a frequency origin that lies in
 * the middle of the grid. Its square carries the scale that makes images come out per pixel.
 */
export function kernelCorrection(half: number, rounding: KernelRounding): Float64Array {
  const factor = rounding === 'exact' ? exactFactor(half) : tomopyFactor(half);
  return Float64Array.from({ length: 2 * half }, (_, i) => (i % 2 === 0 ? 1 : -1) * factor(i));
}

/**
 * A prolate function is its own Fourier transform: over [-1, 1], ∫ψ(x)·exp(icxy)dx = μ·ψ(y) with
 * μ² = 2πλ/c. The kernel is ψ stretched to ±2 grid points, so a point d pixels off the axis has
 * y = 2π·d/(c·half). The root of 2 is there because the filters are 2|ω|, not |ω|.
 */
function exactFactor(half: number): (index: number) => number {
  const integral = kernelHalfWidth * Math.sqrt((2 * Math.PI * eigenvalue) / bandwidth);
  const perPixel = (Math.PI * kernelHalfWidth) / bandwidth / half;
  return (index) =>
    prolate(0) / (Math.SQRT2 * integral * prolate(perPixel * Math.abs(index - half)));
}

/** gridrec.c: taken for a kernel of ±c/π points, with 1.2 to make up for it, and looked up. */
function tomopyFactor(half: number): (index: number) => number {
  const norm = Math.sqrt(Math.PI / 2 / bandwidth / eigenvalue) / 1.2;
  const entries = kernelHalfWidth * kernelStepsPerPoint.tomopy;
  return (index) => {
    const distance = Math.min(half - 0.5, Math.abs(index - half + 1));
    const entry = Math.round((distance * entries) / (half - 0.5));
    return (norm * prolate(0)) / prolate(entry / entries);
  };
}
