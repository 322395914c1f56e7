import type { Delay } from './delay-grid.ts';

/** Above this share of frames with counts a plain loop is faster than one over events. */
const plainLoopAbove = 0.25;

interface Level {
  frames: number;
  /** Values, followed by zeros so that a partner beyond the end counts nothing. */
  row: Float64Array;
  /** Frames with counts, ascending. */
  events: Uint32Array;
  /** Delays of this level, in frames of this level, and their place in the results. */
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
      const padding = Math.max(0, ...lags.map(({ lag }) => lag));
      const row = new Float64Array(count + padding);
      this.#levels.push({ frames: count, row, events: new Uint32Array(count), lags });
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
    let total = 0;
    for (let event = 0; event < eventCount; event += 1) total += row[events[event]!]!;
    let first = 0;
    let last = 0;
    let summed = 0;
    const isPlain = eventCount > plainLoopAbove * frames;
    for (const { lag, at } of lags) {
      for (; summed < lag; summed += 1) {
        first += row[summed]!;
        last += row[frames - 1 - summed]!;
      }
      const pairs = frames - lag;
      const products = isPlain
        ? plainProducts(row, pairs, lag)
        : eventProducts(row, events, eventCount, lag);
      this.products[at] = products / pairs;
      this.past[at] = (total - last) / pairs;
      this.future[at] = (total - first) / pairs;
    }
  }
}

/** Four sums run side by side, because one would wait for itself at every addition. */
function plainProducts(row: Float64Array, pairs: number, lag: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < pairs; k += 4) {
    a += row[k]! * row[k + lag]!;
    b += row[k + 1]! * row[k + 1 + lag]!;
    c += row[k + 2]! * row[k + 2 + lag]!;
    d += row[k + 3]! * row[k + 3 + lag]!;
  }
  for (; k < pairs; k += 1) a += row[k]! * row[k + lag]!;
  return a + b + (c + d);
}

function eventProducts(
  row: Float64Array,
  events: Uint32Array,
  eventCount: number,
  lag: number,
): number {
  let sum = 0;
  for (let event = 0; event < eventCount; event += 1) {
    const frame = events[event]!;
    sum += row[frame]! * row[frame + lag]!;
  }
  return sum;
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
