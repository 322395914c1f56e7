import { DomainError } from '@interpulse/domain/error.ts';
import { createFft2d } from '../fft/fft-2d.ts';
import { RandomSource } from './random-source.ts';

/** A movie of fluctuating speckle whose correlation is known; see {@link createSpeckle}. */
export interface SpeckleOptions {
  rows: number;
  columns: number;
  seed: number;
  /** Decay rate of the field per frame, for each pixel, row-major; the truth to be found again. */
  gammaPerFrame: Float64Array;
  /** Mean counts for each pixel and frame, row-major. */
  meanCounts: Float64Array;
  /** Independent modes seen by one pixel; the contrast is 1 / modes. Default 1. */
  modes?: number;
  /** Diameter of a speckle in pixels; 1 makes all pixels independent. Default 1. */
  speckleSizePixels?: number;
  /** Counts with photon noise; without it the intensity itself. Default true. */
  photonNoise?: boolean;
}

/** Frames one after the other; endless. */
export interface Speckle {
  /** Writes the next frame into `target`, float32[rows, columns]. */
  nextFrame(target: Float32Array): void;
}

/**
 * Speckle by Ornstein-Uhlenbeck modes: every pixel has complex fields E' = aE + sqrt(1 - a²)·ξ
 * with a = exp(-Γ), and shows I = mean |E|² over its modes. Then g2(τ) = 1 + exp(-2Γτ) / modes
 * for τ >= 1, whatever the noise ξ's correlation in space, which is shaped by a round aperture
 * in Fourier space when speckles are larger than a pixel.
 *
 * @throws DomainError `invalid` for impossible options.
 */
export function createSpeckle(options: SpeckleOptions): Speckle {
  const { modes = 1, speckleSizePixels = 1, photonNoise = true } = options;
  check(options, modes, speckleSizePixels);
  const pixels = options.rows * options.columns;
  const random = new RandomSource(options.seed);
  const makeNoise = noiseMaker(options, speckleSizePixels, random);
  const noise = new Float64Array(2 * pixels);
  const memory = options.gammaPerFrame.map((gamma) => Math.exp(-gamma));
  const renewal = memory.map((a) => Math.sqrt(1 - a * a));
  const fields = Array.from({ length: modes }, () => {
    const field = new Float64Array(2 * pixels);
    makeNoise(field);
    return field;
  });
  const scale = options.meanCounts.map((mean) => mean / modes);
  return {
    nextFrame(target) {
      target.fill(0);
      for (const field of fields) {
        addIntensity(target, field);
        makeNoise(noise);
        evolve(field, noise, memory, renewal);
      }
      for (let pixel = 0; pixel < pixels; pixel += 1) {
        const mean = target[pixel]! * scale[pixel]!;
        target[pixel] = photonNoise ? random.poisson(mean) : mean;
      }
    },
  };
}

/** Γ = Γ_edge·(r / r_edge)² around a point, as diffusion; r_edge is half the short side. */
export function diffusiveRates(
  shape: { rows: number; columns: number },
  center: { row: number; column: number },
  gammaAtEdge: number,
): Float64Array {
  const edge = Math.min(shape.rows, shape.columns) / 2;
  return Float64Array.from({ length: shape.rows * shape.columns }, (_, pixel) => {
    const row = Math.floor(pixel / shape.columns) - center.row;
    const column = (pixel % shape.columns) - center.column;
    return (gammaAtEdge * (row * row + column * column)) / (edge * edge);
  });
}

function check(options: SpeckleOptions, modes: number, size: number): void {
  const { rows, columns, gammaPerFrame, meanCounts } = options;
  const pixels = rows * columns;
  const isShape = Number.isInteger(rows) && Number.isInteger(columns) && pixels > 0;
  const isFilled = gammaPerFrame.length === pixels && meanCounts.length === pixels;
  const arePositive = gammaPerFrame.every((gamma) => gamma >= 0) && meanCounts.every((n) => n >= 0);
  if (isShape && isFilled && arePositive && Number.isInteger(modes) && modes >= 1 && size >= 1)
    return;
  throw new DomainError(
    'invalid',
    'cannot simulate speckle: give whole rows and columns, one rate and one mean (not negative) ' +
      'for each pixel, a whole number of modes, and a speckle size of at least 1 pixel',
  );
}

/** Complex noise of unit variance, interleaved; correlated in space where speckles are large. */
function noiseMaker(
  shape: { rows: number; columns: number },
  speckleSizePixels: number,
  random: RandomSource,
): (target: Float64Array) => void {
  const white = (target: Float64Array): void => {
    for (let index = 0; index < target.length; index += 1) {
      target[index] = random.gaussian() * Math.SQRT1_2;
    }
  };
  if (speckleSizePixels === 1) return white;
  const { rows, columns } = shape;
  const inside = aperture(rows, columns, 0.5 / speckleSizePixels);
  const open = inside.reduce((count, each) => count + each, 0);
  // The inverse transform divides by the number of pixels and sums over the open frequencies.
  const gain = (rows * columns) / Math.sqrt(open);
  const transform = createFft2d(rows, columns);
  return (target) => {
    for (let index = 0; index < inside.length; index += 1) {
      const factor = inside[index]! * gain * Math.SQRT1_2;
      target[2 * index] = factor === 0 ? 0 : random.gaussian() * factor;
      target[2 * index + 1] = factor === 0 ? 0 : random.gaussian() * factor;
    }
    transform.inverse(target);
  };
}

/** 1 for frequencies within the radius (cycles per pixel), else 0; uint8[rows, columns]. */
function aperture(rows: number, columns: number, radius: number): Uint8Array {
  const frequency = (index: number, count: number): number =>
    (index <= count / 2 ? index : index - count) / count;
  return Uint8Array.from({ length: rows * columns }, (_, index) => {
    const y = frequency(Math.floor(index / columns), rows);
    const x = frequency(index % columns, columns);
    return Math.hypot(x, y) <= radius ? 1 : 0;
  });
}

function addIntensity(target: Float32Array, field: Float64Array): void {
  for (let pixel = 0; pixel < target.length; pixel += 1) {
    const re = field[2 * pixel]!;
    const im = field[2 * pixel + 1]!;
    target[pixel] = target[pixel]! + re * re + im * im;
  }
}

function evolve(
  field: Float64Array,
  noise: Float64Array,
  memory: Float64Array,
  renewal: Float64Array,
): void {
  for (let pixel = 0; pixel < memory.length; pixel += 1) {
    const a = memory[pixel]!;
    const b = renewal[pixel]!;
    field[2 * pixel] = a * field[2 * pixel]! + b * noise[2 * pixel]!;
    field[2 * pixel + 1] = a * field[2 * pixel + 1]! + b * noise[2 * pixel + 1]!;
  }
}
