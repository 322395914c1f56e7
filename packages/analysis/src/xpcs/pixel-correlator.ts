import type { Delay } from './delay-grid.ts';

/** Above this share of frames with counts a plain loop is faster than one over events. */
const plainLoopAbove = 0.25;

interface Level {
  frames: number;
  /** Values, followed by zeros so that a partner beyond the end counts nothing. */
  row: Float64Array;
  /** Frames with counts, ascending. */
  events: Int32Array;
  /** Delays of this level, one after another, in its frames, and their place in the results. */
  lags: { lag: number; at: number }[];
}

/**
 * Multi-tau correlation of one pixel after another; the three results hold until the next one.
 *
 * At level l frames are averaged in groups of 2^l, an odd last one is dropped. For lag t of n
 * frames: products = Σ I[k]·I[k+t] / (n-t), past = Σ_{k<n-t} I[k] / (n-t), future =
 * Σ_{k>=t} I[k] / (n-t). Sums are float64.
 */
export class PixelCorrelator {
  /** One value for each delay, like the two that follow. */
  readonly products: Float64Array;
  readonly past: Float64Array;
  readonly future: Float64Array;
  readonly #levels: Level[];
  readonly #four = new Float64Array(4);

  constructor(frames: number, delays: readonly Delay[]) {
    this.products = new Float64Array(delays.length);
    this.past = new Float64Array(delays.length);
    this.future = new Float64Array(delays.length);
    this.#levels = [];
    const last = Math.max(...delays.map(({ level }) => level));
    for (let level = 0; level <= last; level += 1) {
      const count = Math.floor(frames / 2 ** level);
      const lags = delays.flatMap((delay, at) =>
        delay.level === level ? [{ lag: delay.frames / 2 ** level, at }] : [],
      );
      const padding = Math.max(0, ...lags.map(({ lag }) => lag)) + 4;
      const row = new Float64Array(count + padding);
      this.#levels.push({ frames: count, row, events: new Int32Array(count), lags });
    }
  }

  /** Correlates a pixel given by all its values. */
  correlateValues(values: Uint16Array | Float32Array, from: number): void {
    const { row, events, frames } = this.#levels[0]!;
    let count = 0;
    for (let frame = 0; frame < frames; frame += 1) {
      const value = values[from + frame]!;
      row[frame] = value;
      if (value !== 0) events[count++] = frame;
    }
    this.#correlate(count);
  }

  /** Correlates a pixel given by the frames in which it saw something. */
  correlateEvents(
    eventFrames: Uint32Array,
    eventCounts: Float32Array,
    from: number,
    to: number,
  ): void {
    const { row, events } = this.#levels[0]!;
    row.fill(0);
    for (let event = from; event < to; event += 1) {
      const frame = eventFrames[event]!;
      row[frame] = eventCounts[event]!;
      events[event - from] = frame;
    }
    this.#correlate(to - from);
  }

  #correlate(eventCount: number): void {
    let count = eventCount;
    for (let index = 0; index < this.#levels.length; index += 1) {
      const level = this.#levels[index]!;
      if (index > 0) count = average(this.#levels[index - 1]!, level, count);
      this.#sums(level, count);
    }
  }

  #sums(level: Level, eventCount: number): void {
    const { row, frames, events, lags } = level;
    const { products, past, future } = this;
    const sums = this.#four;
    const total = sumOfEvents(row, events, eventCount);
    const isPlain = eventCount > plainLoopAbove * frames;
    let first = 0;
    let last = 0;
    let summed = 0;
    for (let index = 0; index < lags.length; index += 1) {
      const { lag, at } = lags[index]!;
      for (; summed < lag; summed += 1) {
        first += row[summed]!;
        last += row[frames - 1 - summed]!;
      }
      const member = index % 4;
      if (member === 0) {
        if (isPlain) plainProducts(row, frames, lag, sums);
        else eventProducts(row, events, eventCount, lag, sums);
      }
      const pairs = frames - lag;
      products[at] = sums[member]! / pairs;
      past[at] = (total - last) / pairs;
      future[at] = (total - first) / pairs;
    }
  }
}

function sumOfEvents(row: Float64Array, events: Int32Array, eventCount: number): number {
  let sum = 0;
  for (let event = 0; event < eventCount; event += 1) sum += row[events[event]!]!;
  return sum;
}

/**
 * Σ row[k]·row[k + lag + i] for i = 0..3, since the lags of a level follow one another: four sums
 * side by side load each value once and do not wait for each other. Zeros follow the row.
 */
function plainProducts(row: Float64Array, frames: number, lag: number, sums: Float64Array): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let k = 0, partner = lag; k < frames; k += 1, partner += 1) {
    const value = row[k]!;
    a += value * row[partner]!;
    b += value * row[partner + 1]!;
    c += value * row[partner + 2]!;
    d += value * row[partner + 3]!;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

/** As {@link plainProducts}, over the frames with counts only. */
function eventProducts(
  row: Float64Array,
  events: Int32Array,
  eventCount: number,
  lag: number,
  sums: Float64Array,
): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let event = 0; event < eventCount; event += 1) {
    const frame = events[event]!;
    const value = row[frame]!;
    a += value * row[frame + lag]!;
    b += value * row[frame + lag + 1]!;
    c += value * row[frame + lag + 2]!;
    d += value * row[frame + lag + 3]!;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

/** Fills `to` with means of pairs of `from` and returns how many of them are not zero. */
function average(from: Level, to: Level, eventCount: number): number {
  const { row, events, frames } = to;
  row.fill(0);
  let count = 0;
  for (let event = 0; event < eventCount; event += 1) {
    const frame = from.events[event]!;
    const target = frame >> 1;
    if (target >= frames) break;
    if (count === 0 || events[count - 1] !== target) events[count++] = target;
    row[target] = row[target]! + 0.5 * from.row[frame]!;
  }
  return count;
}
