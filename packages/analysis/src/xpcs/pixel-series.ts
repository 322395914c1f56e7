/** What each pixel saw, frame after frame, in memory that threads share. */
export type PixelSeries =
  | {
      kind: 'dense';
      frames: number;
      pixels: number;
      /** [pixels, frames], row-major. */
      values: Uint16Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer>;
    }
  | {
      kind: 'sparse';
      frames: number;
      pixels: number;
      /** [pixels + 1]: where each pixel's events begin; float64 holds more than 2^32. */
      offsets: Float64Array<SharedArrayBuffer>;
      /** Frame of each event, ascending within a pixel. */
      eventFrames: Uint32Array<SharedArrayBuffer>;
      eventCounts: Float32Array<SharedArrayBuffer>;
    };

/** Below this share of pixels hit in the first frames, events are kept instead of all values. */
const sparseBelow = 0.08;
/** Above this share events would take more memory than all values, so they are spread out. */
const denseAbove = 0.2;

/** How a {@link PixelSeriesBuilder} keeps values. */
export interface PixelSeriesPlan {
  /** Which pixels of a frame are kept, ascending. */
  indices: Uint32Array;
  frames: number;
  /** Whole numbers up to 65535 take half the memory. */
  isUint16: boolean;
}

/** Turns frames that arrive one after another into a {@link PixelSeries}. */
export class PixelSeriesBuilder {
  readonly #plan: PixelSeriesPlan;
  #dense: Uint16Array<SharedArrayBuffer> | Float32Array<SharedArrayBuffer> | undefined;
  #eventPixels = new Uint32Array(1 << 16);
  #eventFrames = new Uint32Array(1 << 16);
  #eventCounts = new Float32Array(1 << 16);
  #events = 0;
  #isDecided = false;

  constructor(plan: PixelSeriesPlan) {
    this.#plan = plan;
  }

  /** Adds `count` frames from number `first` on; float32[count, pixels of a frame]. */
  add(block: Float32Array, first: number, count: number): void {
    const { indices, frames } = this.#plan;
    const size = block.length / count;
    if (!this.#isDecided) {
      this.#isDecided = true;
      if (occupancy(block, indices, size, count) >= sparseBelow) this.#spread();
    }
    const dense = this.#dense;
    if (dense === undefined) {
      this.#addEvents(block, first, count, size);
      if (this.#events > denseAbove * indices.length * frames) this.#spread();
      return;
    }
    for (let index = 0; index < indices.length; index += 1) {
      let at = index * frames + first;
      let from = indices[index]!;
      for (let frame = 0; frame < count; frame += 1, at += 1, from += size)
        dense[at] = block[from]!;
    }
  }

  /** The finished series; events sorted by pixel. */
  finish(): PixelSeries {
    const { frames, indices } = this.#plan;
    const common = { frames, pixels: indices.length };
    if (this.#dense !== undefined) return { kind: 'dense', ...common, values: this.#dense };
    return { kind: 'sparse', ...common, ...this.#sortedEvents() };
  }

  #addEvents(block: Float32Array, first: number, count: number, size: number): void {
    const { indices } = this.#plan;
    for (let frame = 0; frame < count; frame += 1) {
      this.#reserve(indices.length);
      for (let index = 0; index < indices.length; index += 1) {
        const value = block[frame * size + indices[index]!]!;
        if (value === 0) continue;
        this.#eventPixels[this.#events] = index;
        this.#eventFrames[this.#events] = first + frame;
        this.#eventCounts[this.#events] = value;
        this.#events += 1;
      }
    }
  }

  #reserve(more: number): void {
    if (this.#events + more <= this.#eventPixels.length) return;
    const capacity = Math.max(2 * this.#eventPixels.length, this.#events + more);
    const grown = <T extends Uint32Array | Float32Array>(old: T, larger: T): T => {
      larger.set(old);
      return larger;
    };
    this.#eventPixels = grown(this.#eventPixels, new Uint32Array(capacity));
    this.#eventFrames = grown(this.#eventFrames, new Uint32Array(capacity));
    this.#eventCounts = grown(this.#eventCounts, new Float32Array(capacity));
  }

  #spread(): void {
    const { indices, frames, isUint16 } = this.#plan;
    const total = indices.length * frames;
    const dense = isUint16
      ? new Uint16Array(new SharedArrayBuffer(2 * total))
      : new Float32Array(new SharedArrayBuffer(4 * total));
    for (let event = 0; event < this.#events; event += 1) {
      const at = this.#eventPixels[event]! * frames + this.#eventFrames[event]!;
      dense[at] = this.#eventCounts[event]!;
    }
    this.#dense = dense;
    this.#events = 0;
    this.#eventPixels = new Uint32Array(0);
    this.#eventFrames = new Uint32Array(0);
    this.#eventCounts = new Float32Array(0);
  }

  #sortedEvents(): Pick<
    PixelSeries & { kind: 'sparse' },
    'offsets' | 'eventFrames' | 'eventCounts'
  > {
    const pixels = this.#plan.indices.length;
    const offsets = new Float64Array(new SharedArrayBuffer(8 * (pixels + 1)));
    for (let event = 0; event < this.#events; event += 1) {
      const next = this.#eventPixels[event]! + 1;
      offsets[next] = offsets[next]! + 1;
    }
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      offsets[pixel + 1] = offsets[pixel + 1]! + offsets[pixel]!;
    }
    const next = Float64Array.from(offsets);
    const eventFrames = new Uint32Array(new SharedArrayBuffer(4 * this.#events));
    const eventCounts = new Float32Array(new SharedArrayBuffer(4 * this.#events));
    for (let event = 0; event < this.#events; event += 1) {
      const pixel = this.#eventPixels[event]!;
      const at = next[pixel]!;
      next[pixel] = at + 1;
      eventFrames[at] = this.#eventFrames[event]!;
      eventCounts[at] = this.#eventCounts[event]!;
    }
    return { offsets, eventFrames, eventCounts };
  }
}

function occupancy(block: Float32Array, indices: Uint32Array, size: number, count: number): number {
  let hits = 0;
  for (let frame = 0; frame < count; frame += 1) {
    for (const index of indices) if (block[frame * size + index] !== 0) hits += 1;
  }
  return indices.length === 0 ? 0 : hits / (indices.length * count);
}
