import type { Delay } from './delay-grid.ts';
import { PixelCorrelator } from './pixel-correlator.ts';
import type { PixelSeries } from './pixel-series.ts';

/** What threads need to correlate their share; everything large lies in shared memory. */
export interface CorrelationTask {
  series: PixelSeries;
  delays: Delay[];
  /** int32[pixels of the series]: bins from 1; 0 leaves the pixel out. */
  staticBins: Int32Array;
  dynamicBins: Int32Array;
  staticCount: number;
  dynamicCount: number;
  /** int32[1] in shared memory: the next block of pixels that nobody has taken. */
  nextBlock: Int32Array<SharedArrayBuffer>;
}

/** Sums over pixels; those of several threads are added. */
export interface CorrelationSums {
  /** [static bins, delays]. */
  products: Float64Array;
  past: Float64Array;
  future: Float64Array;
  /** Pixels in each static bin. */
  staticPixels: Float64Array;
  /** [dynamic bins, delays]: of g2 - 1 of single pixels, its square, and how many had one. */
  deviation: Float64Array;
  squaredDeviation: Float64Array;
  used: Float64Array;
}

/** Blocks keep threads busy to the end although some pixels take longer than others. */
const blockPixels = 256;

/** Correlates blocks of pixels until none are left, and returns this thread's sums. */
export function correlateShare(task: CorrelationTask): CorrelationSums {
  const sums = emptySums(task);
  const correlator = new PixelCorrelator(task.series.frames, task.delays);
  for (;;) {
    const first = Atomics.add(task.nextBlock, 0, 1) * blockPixels;
    if (first >= task.series.pixels) return sums;
    const end = Math.min(task.series.pixels, first + blockPixels);
    for (let pixel = first; pixel < end; pixel += 1) addPixel(task, sums, correlator, pixel);
  }
}

/** Adds the sums of another thread to `sums`. */
export function addSums(sums: CorrelationSums, more: CorrelationSums): void {
  for (const key of Object.keys(sums) as (keyof CorrelationSums)[]) {
    const target = sums[key];
    more[key].forEach((value, index) => (target[index] = target[index]! + value));
  }
}

function emptySums(task: CorrelationTask): CorrelationSums {
  const ofStatic = (): Float64Array => new Float64Array(task.staticCount * task.delays.length);
  const ofDynamic = (): Float64Array => new Float64Array(task.dynamicCount * task.delays.length);
  return {
    products: ofStatic(),
    past: ofStatic(),
    future: ofStatic(),
    staticPixels: new Float64Array(task.staticCount),
    deviation: ofDynamic(),
    squaredDeviation: ofDynamic(),
    used: ofDynamic(),
  };
}

function addPixel(
  task: CorrelationTask,
  sums: CorrelationSums,
  correlator: PixelCorrelator,
  pixel: number,
): void {
  const staticBin = task.staticBins[pixel]!;
  const dynamicBin = task.dynamicBins[pixel]!;
  if (staticBin < 1 || dynamicBin < 1) return;
  const { series } = task;
  if (series.kind === 'dense') correlator.correlateValues(series.values, pixel * series.frames);
  else {
    const [from, to] = [series.offsets[pixel]!, series.offsets[pixel + 1]!];
    correlator.correlateEvents(series.eventFrames, series.eventCounts, from, to);
  }
  const { products, past, future } = correlator;
  const count = products.length;
  sums.staticPixels[staticBin - 1] = sums.staticPixels[staticBin - 1]! + 1;
  for (let delay = 0; delay < count; delay += 1) {
    const s = (staticBin - 1) * count + delay;
    sums.products[s] = sums.products[s]! + products[delay]!;
    sums.past[s] = sums.past[s]! + past[delay]!;
    sums.future[s] = sums.future[s]! + future[delay]!;
    const norm = past[delay]! * future[delay]!;
    if (norm === 0) continue;
    const d = (dynamicBin - 1) * count + delay;
    const deviation = products[delay]! / norm - 1;
    sums.deviation[d] = sums.deviation[d]! + deviation;
    sums.squaredDeviation[d] = sums.squaredDeviation[d]! + deviation * deviation;
    sums.used[d] = sums.used[d]! + 1;
  }
}
