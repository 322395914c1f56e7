import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { RandomSource } from './random-source.ts';
import type { SpeckleOptions } from './speckle.ts';
import { createSpeckle, diffusiveRates } from './speckle.ts';

const shape = { rows: 64, columns: 64 };
const pixels = shape.rows * shape.columns;
const options = (gamma: number, mean: number): SpeckleOptions => ({
  ...shape,
  seed: 7,
  gammaPerFrame: new Float64Array(pixels).fill(gamma),
  meanCounts: new Float64Array(pixels).fill(mean),
});
const movie = (count: number, of: SpeckleOptions): Float32Array[] => {
  const speckle = createSpeckle(of);
  return Array.from({ length: count }, () => {
    const frame = new Float32Array(of.rows * of.columns);
    speckle.nextFrame(frame);
    return frame;
  });
};
const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, each) => sum + each, 0) / values.length;
const near = (value: number, expected: number, within: number): void =>
  assert.ok(Math.abs(value - expected) <= within, `${value} is not ${expected} ± ${within}`);

/** <I(t)·I(t+lag)> / <I>² over all pixels and frames: plain g2 where nothing varies in space. */
const plainG2 = (frames: Float32Array[], lag: number): number => {
  const products = frames
    .slice(lag)
    .map((frame, index) => mean(frame.map((value, pixel) => value * frames[index]![pixel]!)));
  return mean(products) / mean(frames.map(mean)) ** 2;
};

describe('simulated speckle', () => {
  it('decorrelates as planted, with contrast 1 / modes', () => {
    for (const modes of [1, 4]) {
      const frames = movie(300, { ...options(0.1, 5), modes, photonNoise: false });
      for (const lag of [0, 1, 3, 8]) {
        near(plainG2(frames, lag), 1 + Math.exp(-0.2 * lag) / modes, 0.015);
      }
      near(mean(frames.map(mean)), 5, 0.05);
    }
  });

  it('keeps the correlation in time under photon noise, except at lag zero', () => {
    const frames = movie(300, options(0.1, 2));
    near(plainG2(frames, 2), 1 + Math.exp(-0.4), 0.015);
    near(plainG2(frames, 0), 2 + 1 / 2, 0.02);
    assert.ok(frames[0]!.every(Number.isInteger));
  });

  it('has speckles of the size asked for and the same correlation in time', () => {
    const frames = movie(300, { ...options(0.2, 5), speckleSizePixels: 4, photonNoise: false });
    near(plainG2(frames, 3), 1 + Math.exp(-1.2), 0.04);
    const shifted = (by: number): number =>
      mean(
        frames.map((frame) => {
          const at = (index: number): number =>
            (index - (index % 64) + (((index % 64) + by) % 64)) | 0;
          return mean(frame.map((value, index) => value * frame[at(index)]!));
        }),
      ) /
        mean(frames.map(mean)) ** 2 -
      1;
    assert.ok(shifted(1) > 0.7, 'neighbours are alike');
    near(shifted(16), 0, 0.05);
  });

  it('repeats exactly for a seed and differs for another', () => {
    const first = movie(3, options(0.1, 5));
    assert.deepEqual(movie(3, options(0.1, 5)), first);
    assert.notDeepEqual(movie(3, { ...options(0.1, 5), seed: 8 }), first);
  });

  it('refuses options that cannot be', () => {
    for (const wrong of [
      { modes: 0 },
      { speckleSizePixels: 0.5 },
      { rows: 63 },
      { columns: 1.5 },
    ]) {
      assert.throws(
        () => createSpeckle({ ...options(0.1, 5), ...wrong }),
        (error) => error instanceof DomainError && error.kind === 'invalid',
      );
    }
    const rates = diffusiveRates(shape, { row: 32, column: 32 }, 0.4);
    assert.equal(rates[32 * 64], 0.4);
    assert.equal(rates[32 * 64 + 16], 0.1);
    assert.equal(rates[32 * 64 + 32], 0);
  });
});

describe('random numbers', () => {
  it('have the moments of their distributions', () => {
    const random = new RandomSource(1);
    const draw = (make: () => number): number[] => Array.from({ length: 200_000 }, make);
    const variance = (values: number[]): number => {
      const center = mean(values);
      return mean(values.map((value) => (value - center) ** 2));
    };
    const uniform = draw(() => random.uniform());
    near(mean(uniform), 0.5, 0.003);
    near(variance(uniform), 1 / 12, 0.001);
    const gaussian = draw(() => random.gaussian());
    near(mean(gaussian), 0, 0.01);
    near(variance(gaussian), 1, 0.015);
    near(mean(gaussian.map((value) => value ** 4)), 3, 0.1);
    for (const expected of [0.3, 4, 9.9, 10, 40, 900]) {
      const counts = draw(() => random.poisson(expected));
      near(mean(counts), expected, 5 * Math.sqrt(expected / counts.length));
      near(variance(counts) / expected, 1, 0.02);
    }
  });
});
