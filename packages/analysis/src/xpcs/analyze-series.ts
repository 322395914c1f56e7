import { DomainError } from '@interpulse/domain/error.ts';
import type { ImageSeries } from '@interpulse/formats/image-series/image-series.ts';
import { startCorrelationThreads } from './correlation-threads.ts';
import type { CorrelationTask } from './correlation-sums.ts';
import type { Delay } from './delay-grid.ts';
import { delayGrid } from './delay-grid.ts';
import type { G2Fit, G2Model } from './fit-g2.ts';
import { fitG2 } from './fit-g2.ts';
import type { RateLaw } from './fit-rate-law.ts';
import { fitRateLaw } from './fit-rate-law.ts';
import type { FrameSelection } from './load-pixels.ts';
import { countSelected, loadPixels } from './load-pixels.ts';
import type { G2 } from './normalize-g2.ts';
import { normalizeG2 } from './normalize-g2.ts';
import type { Regions } from './regions.ts';

/** What to do with a series. */
export interface AnalysisOptions {
  regions: Regions;
  selection: FrameSelection;
  channelsPerLevel: number;
  /** Highest level; all that fit when undefined. */
  levels: number | undefined;
  /** From one frame of the file to the next; 1 and `timeUnit` frame when not known. */
  framePeriod: number;
  timeUnit: 's' | 'frame';
  fit: G2Model | 'none';
  threads: number;
  progress: (message: string) => void;
}

/** Everything the analysis found. */
export interface AnalysisResult {
  regions: Regions;
  frames: number;
  delays: Delay[];
  /** From one correlated frame to the next, in `timeUnit`: stride and averaging included. */
  framePeriod: number;
  timeUnit: 's' | 'frame';
  g2: G2;
  fits: G2Fit[];
  rateLaw: RateLaw | undefined;
  frameSums: Float64Array;
  frameAverage: Float64Array;
  badPixels: Uint8Array;
  storage: 'dense' | 'sparse';
  timingsSeconds: Record<'read' | 'correlate' | 'fit', number>;
}

/** Correlating fewer values than this takes less time than starting threads. */
const valuesWorthThreads = 2_000_000;

/**
 * Reads a series, correlates every pixel, normalises, and fits each region.
 *
 * @throws DomainError `invalid` when frames or regions do not allow it.
 */
export async function analyzeSeries(
  input: ImageSeries,
  options: AnalysisOptions,
): Promise<AnalysisResult> {
  const { regions, selection, progress } = options;
  const frames = countSelected(selection, input.frames);
  const delays = delayGrid(frames, options.channelsPerLevel, options.levels);
  const indices = Uint32Array.from(regions.dynamicMap.keys()).filter(
    (pixel) => regions.dynamicMap[pixel]! > 0,
  );
  const isLarge = indices.length * frames > valuesWorthThreads;
  const threads = startCorrelationThreads(isLarge ? options.threads : 1);
  try {
    const startedAt = performance.now();
    const loaded = loadPixels(input, indices, selection, (done) =>
      progress(`read ${done}/${frames} frames`),
    );
    const readAt = performance.now();
    progress(`correlating ${indices.length} pixels at ${delays.length} delays`);
    const bad = loaded.badPixels;
    const task = correlationTask(loaded.series, delays, regions, indices, bad);
    const sums = await threads.run(task);
    const g2 = normalizeG2(sums, regions.staticToDynamic, regions.dynamicCount);
    if (g2.g2.every(Number.isNaN)) {
      throw new DomainError('invalid', 'no pixel of any region has counts; check map and frames');
    }
    const correlatedAt = performance.now();
    const framePeriod = options.framePeriod * selection.stride * selection.average;
    const { fits, rateLaw } = fitAll(options, delays, g2, framePeriod);
    return {
      regions,
      frames,
      delays,
      framePeriod,
      timeUnit: options.timeUnit,
      g2,
      fits,
      rateLaw,
      frameSums: loaded.frameSums,
      frameAverage: loaded.frameAverage,
      badPixels: bad,
      storage: loaded.series.kind,
      timingsSeconds: {
        read: (readAt - startedAt) / 1000,
        correlate: (correlatedAt - readAt) / 1000,
        fit: (performance.now() - correlatedAt) / 1000,
      },
    };
  } finally {
    await threads.close();
  }
}

function correlationTask(
  series: CorrelationTask['series'],
  delays: Delay[],
  regions: Regions,
  indices: Uint32Array,
  badPixels: Uint8Array,
): CorrelationTask {
  const { dynamicMap, staticMap, dynamicCount, staticCount } = regions;
  const good = (map: Int32Array): Int32Array =>
    Int32Array.from(indices, (pixel) => (badPixels[pixel] === 1 ? 0 : map[pixel]!));
  return {
    series,
    delays,
    staticBins: good(staticMap),
    dynamicBins: good(dynamicMap),
    staticCount,
    dynamicCount,
    nextBlock: new Int32Array(new SharedArrayBuffer(4)),
  };
}

function fitAll(
  options: AnalysisOptions,
  delays: Delay[],
  g2: G2,
  framePeriod: number,
): { fits: G2Fit[]; rateLaw: RateLaw | undefined } {
  const { fit } = options;
  if (fit === 'none') return { fits: [], rateLaw: undefined };
  options.progress(`fitting ${g2.bins} curves`);
  const fits = Array.from({ length: g2.bins }, (_, bin) => {
    const [from, to] = [bin * g2.delays, (bin + 1) * g2.delays];
    return fitG2(delays, g2.g2.subarray(from, to), g2.error.subarray(from, to), fit);
  });
  const believed = (value: (each: G2Fit) => number): number[] =>
    fits.map((each) => (each.status === 'ok' ? value(each) / framePeriod : Number.NaN));
  const rateLaw = fitRateLaw(
    options.regions.q,
    believed((each) => each.gammaPerFrame),
    believed((each) => each.gammaPerFrameError),
  );
  return { fits, rateLaw };
}
