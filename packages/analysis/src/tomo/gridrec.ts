// Written after gridrec.c of tomopy: Copyright (c) 2015, UChicago Argonne, LLC, whose BSD-3 style
// licence asks to keep this notice; the half-plane grid and the cropped transforms are our own.
import { createComplexFft, nextPowerOfTwo, type ComplexFft } from '../fft/complex-fft.ts';
import {
  kernelCorrection,
  kernelHalfWidth,
  kernelStepsPerPoint,
  kernelTable,
  type KernelRounding,
} from './prolate-kernel.ts';
import {
  defaultFilterShape,
  filterTable,
  type FilterShape,
  type ReconstructionFilter,
} from './reconstruction-filter.ts';

/** How a stack of sinograms of one shape is to be reconstructed. */
export interface GridrecOptions {
  /** Width of a projection in pixels. */
  columns: number;
  /** One for each projection. */
  anglesRadians: Float64Array;
  filter: ReconstructionFilter;
  filterShape?: FilterShape;
  /** The transform is at least this many times as wide as a projection; below 2 values cup. */
  padding: number;
  /** What lies beyond the detector: nothing, or the edge's value (objects wider than it). */
  beyondEdge: 'zero' | 'edge';
  rounding: KernelRounding;
}

/** Complex columns transformed together: 16 float32 fill one cache line. */
const columnBlock = 8;

/**
 * Fourier reconstruction of parallel-beam sinograms by gridding with a prolate kernel (Dowd et al.,
 * SPIE 3772, 1999). Holds tables and scratch grids for one shape and filter: make one per thread.
 * Values come per pixel: divide by the pixel's size for an absorption per length.
 */
export class Gridrec {
  /** Rows and columns of an image: those of a projection. */
  readonly size: number;
  readonly #options: GridrecOptions;
  readonly #gridSize: number;
  readonly #fft: ComplexFft;
  readonly #kernel: Float64Array;
  readonly #stepsPerPoint: number;
  readonly #correction: Float64Array;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #filter: Float64Array;
  readonly #filterPhase: Float64Array;
  /** float32[gridSize, gridSize / 2 + 2, 4]: the upper half plane and its mirrored partner. */
  readonly #grid: Float32Array;
  /** Complex float32[gridSize, size]: the grid after the transform along its rows, cropped. */
  readonly #cropped: Float32Array;
  readonly #line: Float64Array;
  readonly #spectrum: Float64Array;
  readonly #block: Float64Array[];

  constructor(options: GridrecOptions) {
    this.#options = options;
    this.size = options.columns;
    const gridSize = nextPowerOfTwo(Math.max(16, Math.ceil(options.columns * options.padding)));
    const half = gridSize / 2;
    const angles = options.anglesRadians.length;
    this.#gridSize = gridSize;
    this.#fft = createComplexFft(gridSize);
    this.#stepsPerPoint = kernelStepsPerPoint[options.rounding];
    this.#kernel = kernelTable(this.#stepsPerPoint);
    this.#correction = kernelCorrection(half, options.rounding);
    this.#cosines = options.anglesRadians.map(Math.cos);
    this.#sines = options.anglesRadians.map(Math.sin);
    const ramp = options.rounding === 'exact' ? 'bandLimited' : 'sampled';
    const shape = options.filterShape ?? defaultFilterShape;
    const scale = Math.PI / (gridSize * angles);
    this.#filter = filterTable(options.filter, gridSize, shape, ramp).map((each) => each * scale);
    // The mean stands at its own mirror and is deposited twice; gridrec.c leaves it out.
    this.#filter[0] = options.rounding === 'exact' ? this.#filter[0]! / 2 : 0;
    this.#filterPhase = new Float64Array(gridSize);
    this.#grid = new Float32Array(gridSize * (half + kernelHalfWidth) * 4);
    this.#cropped = new Float32Array(gridSize * this.size * 2);
    this.#line = new Float64Array(2 * gridSize);
    this.#spectrum = new Float64Array(2 * gridSize);
    this.#block = Array.from({ length: columnBlock }, () => new Float64Array(2 * gridSize));
  }

  /**
   * Reconstructs two slices at once, one in the real and one in the imaginary part.
   *
   * @param first float32[angles, columns], minus logarithm of the transmission.
   * @param second A second sinogram, or undefined for a single slice.
   * @param centerColumn The rotation axis in pixels from the centre of column 0.
   * @param firstImage float32[size, size], overwritten.
   * @param secondImage Where the second slice goes; needed with `second`.
   */
  reconstruct(
    first: Float32Array,
    second: Float32Array | undefined,
    centerColumn: number,
    firstImage: Float32Array,
    secondImage: Float32Array | undefined,
  ): void {
    this.#setCenter(centerColumn);
    this.#grid.fill(0);
    for (let angle = 0; angle < this.#cosines.length; angle += 1) {
      this.#loadProjection(angle, first, second);
      this.#fft.forward(this.#spectrum, this.#line);
      this.#deposit(this.#cosines[angle]!, this.#sines[angle]!);
    }
    this.#transformRows();
    this.#transformColumns(firstImage, secondImage);
  }

  /** Filter times the phase that moves the rotation axis to the origin. */
  #setCenter(centerColumn: number): void {
    for (let j = 0; j < this.#filter.length; j += 1) {
      const phase = (2 * Math.PI * j * centerColumn) / this.#gridSize;
      this.#filterPhase[2 * j] = this.#filter[j]! * Math.cos(phase);
      this.#filterPhase[2 * j + 1] = -this.#filter[j]! * Math.sin(phase);
    }
  }

  #loadProjection(angle: number, first: Float32Array, second: Float32Array | undefined): void {
    const line = this.#line;
    const columns = this.#options.columns;
    const start = angle * columns;
    for (let column = 0; column < columns; column += 1) {
      line[2 * column] = first[start + column]!;
      line[2 * column + 1] = second === undefined ? 0 : second[start + column]!;
    }
    line.fill(0, 2 * columns);
    if (this.#options.beyondEdge === 'zero') return;
    // The transform is periodic: what lies left of column 0 stands at the end of the line.
    const middle = columns + Math.floor((this.#gridSize - columns) / 2);
    for (let column = columns; column < this.#gridSize; column += 1) {
      const edge = column < middle ? columns - 1 : 0;
      line[2 * column] = line[2 * edge]!;
      line[2 * column + 1] = line[2 * edge + 1]!;
    }
  }

  /**
   * Spreads one projection's spectrum over the grid. Frequencies -j go to the mirrored point; they
   * are kept beside +j (four numbers a point) so that one walk through half the plane serves both.
   */
  #deposit(cosine: number, sine: number): void {
    const [grid, kernel, spectrum] = [this.#grid, this.#kernel, this.#spectrum];
    const filterPhase = this.#filterPhase;
    const [gridSize, stepsPerPoint] = [this.#gridSize, this.#stepsPerPoint];
    const half = gridSize / 2;
    const width = 4 * (half + kernelHalfWidth);
    const mirrored = sine < 0;
    const [stepU, stepV] = mirrored ? [-cosine, -sine] : [cosine, sine];
    const weights = new Float64Array(2 * kernelHalfWidth + 1);
    for (let j = 0; j < half; j += 1) {
      const re = filterPhase[2 * j]!;
      const im = filterPhase[2 * j + 1]!;
      // The inverse transform at j is the forward one at gridSize - j.
      const plus = 2 * ((gridSize - j) % gridSize);
      const minus = 2 * j;
      const plusRe = re * spectrum[plus]! - im * spectrum[plus + 1]!;
      const plusIm = re * spectrum[plus + 1]! + im * spectrum[plus]!;
      const minusRe = re * spectrum[minus]! + im * spectrum[minus + 1]!;
      const minusIm = re * spectrum[minus + 1]! - im * spectrum[minus]!;
      const a = mirrored ? minusRe : plusRe;
      const b = mirrored ? minusIm : plusIm;
      const c = mirrored ? plusRe : minusRe;
      const d = mirrored ? plusIm : minusIm;
      // Single precision, as in gridrec.c: it decides which way ties in the table are rounded.
      const u = Math.fround(j * stepU + half);
      const v = Math.fround(j * stepV + half);
      const uHigh = Math.min(gridSize - 1, Math.floor(u + kernelHalfWidth));
      const vLow = Math.ceil(v - kernelHalfWidth);
      const vHigh = Math.min(gridSize - 1, Math.floor(v + kernelHalfWidth));
      const taps = vHigh - vLow + 1;
      for (let iv = vLow; iv <= vHigh; iv += 1) {
        weights[iv - vLow] = kernel[(Math.abs(v - iv) * stepsPerPoint + 0.5) | 0]!;
      }
      for (let iu = Math.max(1, Math.ceil(u - kernelHalfWidth)); iu <= uHigh; iu += 1) {
        const weightU = kernel[(Math.abs(u - iu) * stepsPerPoint + 0.5) | 0]!;
        let at = iu * width + 4 * (vLow - half + kernelHalfWidth);
        const aU = weightU * a;
        const bU = weightU * b;
        const cU = weightU * c;
        const dU = weightU * d;
        for (let k = 0; k < taps; k += 1) {
          const weight = weights[k]!;
          grid[at] = grid[at]! + weight * aU;
          grid[at + 1] = grid[at + 1]! + weight * bU;
          grid[at + 2] = grid[at + 2]! + weight * cU;
          grid[at + 3] = grid[at + 3]! + weight * dU;
          at += 4;
        }
      }
    }
  }

  /** Joins both halves of the plane, transforms along rows, keeps the columns of the image. */
  #transformRows(): void {
    const [grid, line, spectrum, cropped] = [this.#grid, this.#line, this.#spectrum, this.#cropped];
    const gridSize = this.#gridSize;
    const half = gridSize / 2;
    const lowest = half - kernelHalfWidth;
    const width = 4 * (half + kernelHalfWidth);
    const firstColumn = half + Math.floor((gridSize - this.size) / 2);
    // Row and column 0 hold the aliased frequency and stay empty.
    cropped.fill(0, 0, 2 * this.size);
    for (let row = 1; row < gridSize; row += 1) {
      line.fill(0);
      let at = row * width;
      for (let column = lowest; column < gridSize; column += 1, at += 4) {
        line[2 * column] = grid[at]!;
        line[2 * column + 1] = grid[at + 1]!;
      }
      at = (gridSize - row) * width + 2;
      for (let column = gridSize - lowest; column >= 1; column -= 1, at += 4) {
        line[2 * column] = line[2 * column]! + grid[at]!;
        line[2 * column + 1] = line[2 * column + 1]! + grid[at + 1]!;
      }
      this.#fft.forward(spectrum, line);
      let to = row * this.size * 2;
      for (let k = 0; k < this.size; k += 1, to += 2) {
        const from = 2 * ((firstColumn + k) % gridSize);
        cropped[to] = spectrum[from]!;
        cropped[to + 1] = spectrum[from + 1]!;
      }
    }
  }

  /** Transforms along columns, undoes the kernel and writes the images, turned as tomopy's. */
  #transformColumns(firstImage: Float32Array, secondImage: Float32Array | undefined): void {
    const [cropped, spectrum, block] = [this.#cropped, this.#spectrum, this.#block];
    const [size, gridSize, correction] = [this.size, this.#gridSize, this.#correction];
    const half = gridSize / 2;
    const offset = Math.floor((gridSize - size) / 2);
    for (let first = 0; first < size; first += columnBlock) {
      const count = Math.min(columnBlock, size - first);
      for (let row = 0; row < gridSize; row += 1) {
        const at = 2 * (row * size + first);
        for (let c = 0; c < count; c += 1) {
          block[c]![2 * row] = cropped[at + 2 * c]!;
          block[c]![2 * row + 1] = cropped[at + 2 * c + 1]!;
        }
      }
      for (let c = 0; c < count; c += 1) {
        this.#fft.forward(spectrum, block[c]!);
        const k = first + c;
        const start = (size - 1 - k) * size;
        const columnFactor = correction[k + offset]!;
        for (let j = 0; j < size; j += 1) {
          const factor = columnFactor * correction[j + offset]!;
          const from = 2 * ((j + offset + half) % gridSize);
          firstImage[start + j] = factor * spectrum[from]!;
          if (secondImage !== undefined) secondImage[start + j] = factor * spectrum[from + 1]!;
        }
      }
    }
  }
}
