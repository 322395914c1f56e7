import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DomainError } from '@interpulse/domain/error.ts';
import { RandomSource } from '../simulation/random-source.ts';
import type { CorrelationSums } from './correlation-sums.ts';
import { addSums, correlateShare } from './correlation-sums.ts';
import { startCorrelationThreads } from './correlation-threads.ts';
import type { Delay } from './delay-grid.ts';
import { delayGrid } from './delay-grid.ts';
import type { G2 } from './normalize-g2.ts';
import { normalizeG2 } from './normalize-g2.ts';
import { PixelSeriesBuilder } from './pixel-series.ts';

interface Case {
  frames: number;
  /** One array of counts for each pixel. */
  counts: number[][];
  staticBins: number[];
  staticToDynamic: number[];
  dpl: number;
}

const correlate = async (of: Case, threads = 1, block = 7): Promise<G2> => {
  const { frames, counts, dpl } = of;
  const pixels = counts.length;
  const indices = Uint32Array.from(counts.keys());
  const builder = new PixelSeriesBuilder({ indices, frames, isUint16: true });
  for (let first = 0; first < frames; first += block) {
    const count = Math.min(block, frames - first);
    const values = new Float32Array(count * pixels);
    values.forEach((_, at) => {
      values[at] = counts[at % pixels]![first + Math.floor(at / pixels)]!;
    });
    builder.add(values, first, count);
  }
  const staticToDynamic = Int32Array.from(of.staticToDynamic);
  const dynamicCount = Math.max(...staticToDynamic);
  const workers = startCorrelationThreads(threads);
  const sums = await workers.run({
    series: builder.finish(),
    delays: delayGrid(frames, dpl),
    staticBins: Int32Array.from(of.staticBins),
    dynamicBins: Int32Array.from(of.staticBins, (bin) => staticToDynamic[bin - 1] ?? 0),
    staticCount: staticToDynamic.length,
    dynamicCount,
    nextBlock: new Int32Array(new SharedArrayBuffer(4)),
  });
  await workers.close();
  return normalizeG2(sums, staticToDynamic, dynamicCount);
};

/** The definition written down once more, without levels shared, events, threads or blocks. */
const direct = (of: Case, bin: number, delay: Delay): { g2: number; error: number } => {
  const size = 2 ** delay.level;
  const n = Math.floor(of.frames / size);
  const lag = delay.frames / size;
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const perPixel = of.counts.map((counts) => {
    const level = Array.from({ length: n }, (_, k) => mean(counts.slice(k * size, (k + 1) * size)));
    const products = level.slice(0, n - lag).map((value, k) => value * level[k + lag]!);
    return [mean(products), mean(level.slice(0, n - lag)), mean(level.slice(lag))] as const;
  });
  const bins = of.staticToDynamic.flatMap((dynamic, index) => (dynamic === bin ? [index + 1] : []));
  const ratios = bins.map((each) => {
    const inside = perPixel.filter((_, pixel) => of.staticBins[pixel] === each);
    const [products, past, future] = [0, 1, 2].map((column) =>
      mean(inside.map((sums) => sums[column]!)),
    );
    return products! / (past! * future!);
  });
  const single = perPixel
    .filter((_, pixel) => of.staticToDynamic[of.staticBins[pixel]! - 1] === bin)
    .map(([products, past, future]) => products / (past * future))
    .filter((value) => Number.isFinite(value));
  const spread = mean(single.map((value) => (value - mean(single)) ** 2));
  return {
    g2: mean(ratios.filter((value) => Number.isFinite(value))),
    error:
      spread > 1e-13 * (1 + mean(single.map((value) => (value - 1) ** 2)))
        ? Math.sqrt(spread / (single.length - 1))
        : Number.NaN,
  };
};

const assertMatches = (of: Case, result: G2): void => {
  delayGrid(of.frames, of.dpl).forEach((delay, index) => {
    for (let bin = 1; bin <= result.bins; bin += 1) {
      const at = (bin - 1) * result.delays + index;
      const expected = direct(of, bin, delay);
      for (const [value, truth] of [
        [result.g2[at], expected.g2],
        [result.error[at], expected.error],
      ]) {
        if (Number.isFinite(truth)) assert.ok(Math.abs(value! - truth!) <= 1e-6 * (1 + truth!));
        else assert.ok(Number.isNaN(value), `${value} where nothing can be said`);
      }
    }
  });
};

describe('the delays of the multi-tau scheme', () => {
  it('are those of the scheme in use at beamlines', () => {
    const expected: [number, number, number, number[]][] = [
      [7, 4, 6, [5, 6]],
      [8, 4, 7, [6, 7]],
      [120, 4, 22, [40, 48, 56, 64, 80, 96]],
      [300, 4, 28, [112, 128, 160, 192, 224, 256]],
      [512, 4, 31, [192, 224, 256, 320, 384, 448]],
      [1000, 4, 34, [320, 384, 448, 512, 640, 768]],
      [100_000, 4, 61, [40_960, 49_152, 57_344, 65_536, 81_920]],
      [1000, 8, 62, [576, 640, 704, 768, 832, 896]],
      [4096, 8, 79, [2560, 2816, 3072, 3328, 3584, 3840]],
    ];
    for (const [frames, dpl, count, last] of expected) {
      const delays = delayGrid(frames, dpl).map((delay) => delay.frames);
      assert.equal(delays.length, count, `${frames} frames`);
      assert.deepEqual(delays.slice(-last.length), last);
    }
  });

  it('stop at a level that is asked for, and refuse nonsense', () => {
    assert.equal(delayGrid(1000, 4, 1).at(-1)?.frames, 16);
    for (const [frames, dpl] of [
      [1, 4],
      [10, 0],
      [10, 1.5],
    ] as const) {
      assert.throws(
        () => delayGrid(frames, dpl),
        (error) => error instanceof DomainError && error.kind === 'invalid',
      );
    }
  });
});

describe('the correlation of pixels', () => {
  const cases = fc
    .record({
      frames: fc.integer({ min: 2, max: 90 }),
      pixels: fc.integer({ min: 1, max: 12 }),
      dpl: fc.constantFrom(1, 2, 4),
      density: fc.constantFrom(0.01, 0.1, 0.5, 1),
      seed: fc.integer(),
    })
    .map(({ frames, pixels, dpl, density, seed }): Case => {
      const random = new RandomSource(seed);
      const one = (): number =>
        random.uniform() < density ? 1 + Math.floor(random.uniform() * 50) : 0;
      const counts = Array.from({ length: pixels }, () => Array.from({ length: frames }, one));
      const staticToDynamic = [1, 1, 2, 3];
      const staticBins = counts.map((_, pixel) => (pixel % 5 === 4 ? 0 : (pixel % 5) + 1));
      return { frames, counts, staticBins, staticToDynamic, dpl };
    });

  it('is that of a direct float64 sum within 1e-6, sparse or dense', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (of) => assertMatches(of, await correlate(of))),
      { numRuns: 80 },
    );
  });

  it('does not depend on threads, on blocks of frames, or on the order of pixels', async () => {
    const random = new RandomSource(5);
    const counts = Array.from({ length: 700 }, () =>
      Array.from({ length: 65 }, () => random.poisson(2)),
    );
    const staticBins = counts.map((_, pixel) => (pixel % 3) + 1);
    const of: Case = { frames: 65, counts, staticBins, staticToDynamic: [1, 2, 2], dpl: 4 };
    const reference = await correlate(of);
    assertMatches(of, reference);
    const reversed = {
      ...of,
      counts: counts.toReversed(),
      staticBins: of.staticBins.toReversed(),
    };
    for (const other of [await correlate(of, 3, 65), await correlate(reversed, 1, 1)]) {
      other.g2.forEach((value, at) => assert.ok(Math.abs(value - reference.g2[at]!) < 1e-12));
      other.error.forEach((value, at) =>
        assert.ok(
          Object.is(value, reference.error[at]) || Math.abs(value - reference.error[at]!) < 1e-12,
        ),
      );
    }
  });

  it('sees a pixel that is silent for long and then busy', async () => {
    const burst = Array.from({ length: 1024 }, (_, frame) => (frame < 900 ? 0 : 1 + (frame % 7)));
    const rare = Array.from({ length: 1024 }, (_, frame) => (frame % 97 === 0 ? 3 : 0));
    const counts = [burst, rare, rare, rare, ...Array.from({ length: 20 }, () => rare)];
    const of = {
      frames: 1024,
      counts,
      staticBins: counts.map(() => 1),
      staticToDynamic: [1],
      dpl: 4,
    };
    assertMatches(of, await correlate(of));
  });

  it('is right when a dark start is followed by much light', async () => {
    const random = new RandomSource(9);
    const counts = Array.from({ length: 15 }, () =>
      Array.from({ length: 90 }, (_, frame) => (frame < 20 ? 0 : 1 + random.poisson(3))),
    );
    const staticBins = counts.map((_, pixel) => (pixel % 2) + 1);
    const of = { frames: 90, counts, staticBins, staticToDynamic: [1, 2], dpl: 4 };
    assertMatches(of, await correlate(of));
  });

  it('is the sum of the shares of pixels', () => {
    const random = new RandomSource(2);
    const pixels = 60;
    const values = Uint16Array.from({ length: pixels * 40 }, () => random.poisson(3));
    const shared = new Uint16Array(new SharedArrayBuffer(2 * values.length));
    shared.set(values);
    const share = (isIn: (pixel: number) => boolean): CorrelationSums =>
      correlateShare({
        series: { kind: 'dense', frames: 40, pixels, values: shared },
        delays: delayGrid(40, 4),
        staticBins: Int32Array.from({ length: pixels }, (_, pixel) => (isIn(pixel) ? 1 : 0)),
        dynamicBins: new Int32Array(pixels).fill(1),
        staticCount: 1,
        dynamicCount: 1,
        nextBlock: new Int32Array(new SharedArrayBuffer(4)),
      });
    const sums = share((pixel) => pixel % 3 === 0);
    addSums(
      sums,
      share((pixel) => pixel % 3 !== 0),
    );
    const whole = normalizeG2(
      share(() => true),
      Int32Array.of(1),
      1,
    );
    const added = normalizeG2(sums, Int32Array.of(1), 1);
    whole.g2.forEach((value, at) => assert.ok(Math.abs(value - added.g2[at]!) < 1e-12));
    assert.deepEqual(added.pixelsUsed, whole.pixelsUsed);
    assert.equal(sums.staticPixels[0], pixels);
  });

  it('is flat for light without speckle and for speckle that stands still', async () => {
    const random = new RandomSource(3);
    const pixels = 400;
    const still = Array.from({ length: pixels }, () => -20 * Math.log(random.uniform()));
    const make = async (means: number[]): Promise<G2> => {
      const counts = means.map((mean) => Array.from({ length: 256 }, () => random.poisson(mean)));
      const staticBins = counts.map(() => 1);
      return correlate({ frames: 256, counts, staticBins, staticToDynamic: [1], dpl: 4 });
    };
    const flat = await make(still.map(() => 5));
    for (const value of flat.g2) assert.ok(Math.abs(value - 1) < 0.01);
    const frozen = await make(still);
    const mean = still.reduce((a, b) => a + b, 0) / pixels;
    const square = still.reduce((a, b) => a + b * b, 0) / pixels;
    for (const value of frozen.g2) assert.ok(Math.abs(value / (square / mean ** 2) - 1) < 0.02);
  });
});
