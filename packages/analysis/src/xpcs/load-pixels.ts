import { totalmem } from 'node:os';
import { DomainError } from '@interpulse/domain/error.ts';
import type { ImageSeries } from '@interpulse/formats/image-series/image-series.ts';
import type { PixelSeries } from './pixel-series.ts';
import { PixelSeriesBuilder } from './pixel-series.ts';

/** Which frames are taken, and how. */
export interface FrameSelection {
  /** From 0. */
  firstFrame: number;
  /** Included. */
  lastFrame: number;
  /** Every n-th frame only. */
  stride: number;
  /** Means of this many of the frames that are left; an incomplete last group is dropped. */
  average: number;
  /** Divide each frame by its sum, to take out the flicker of the source. */
  normalizeByFrameSum: boolean;
}

/** The frames, pixel by pixel, with what was seen on the way. */
export interface LoadedPixels {
  series: PixelSeries;
  /** float64[frames]: sums of the good pixels. */
  frameSums: Float64Array;
  /** float64[rows, columns]: means of all frames; 0 where the detector marked a pixel bad. */
  frameAverage: Float64Array;
  /** uint8[rows, columns]: 1 where a value was negative, not a number, or the largest possible. */
  badPixels: Uint8Array;
}

/** Detectors mark dead and saturated pixels with the largest value of the type. */
const markers: Record<string, number> = { uint16: 65_535, uint32: 4_294_967_295 };
const blockValues = 1 << 21;
/** Beyond this share of memory the machine would swap, and be slower than a smaller selection. */
const memoryShare = 0.7;

/** How many frames a selection leaves; throws DomainError `invalid` when it is impossible. */
export function countSelected(selection: FrameSelection, available: number): number {
  const { firstFrame, lastFrame, stride, average } = selection;
  if (firstFrame < 0 || lastFrame >= available || firstFrame > lastFrame) {
    const range = `${firstFrame} to ${lastFrame}`;
    throw new DomainError(
      'invalid',
      `cannot take frames ${range}; there are 0 to ${available - 1}`,
    );
  }
  return Math.floor((lastFrame - firstFrame + 1) / (stride * average));
}

/**
 * Reads the frames once and keeps the given pixels (ascending indices).
 *
 * @throws DomainError `exhausted` when they do not fit in memory, and what reading throws.
 */
export function loadPixels(
  input: ImageSeries,
  indices: Uint32Array,
  selection: FrameSelection,
  progress: (frames: number) => void,
): LoadedPixels {
  const frames = countSelected(selection, input.frames);
  const size = input.rows * input.columns;
  const group = selection.stride * selection.average;
  const isWhole = selection.average === 1 && !selection.normalizeByFrameSum;
  const isUint16 = isWhole && /^uint(8|16)$/.test(input.dtype);
  checkMemory(indices.length * frames * (isUint16 ? 2 : 4));
  const builder = new PixelSeriesBuilder({ indices, frames, isUint16 });
  const loaded = {
    frameSums: new Float64Array(frames),
    frameAverage: new Float64Array(size),
    badPixels: new Uint8Array(size),
  };
  const marker = markers[input.dtype] ?? Number.POSITIVE_INFINITY;
  const step = Math.max(1, Math.floor(blockValues / size / group));
  for (let first = 0; first < frames; first += step) {
    const count = Math.min(step, frames - first);
    const raw = input.readFrames(selection.firstFrame + first * group, count * group);
    markBad(raw, size, marker, loaded.badPixels);
    const block = group === 1 ? raw : fold(raw, size, count, selection);
    sumFrames(block, size, first, loaded);
    if (selection.normalizeByFrameSum) divideBySums(block, size, loaded.frameSums, first);
    builder.add(block, first, count);
    progress(first + count);
  }
  for (let pixel = 0; pixel < size; pixel += 1) {
    const isBad = loaded.badPixels[pixel] === 1;
    loaded.frameAverage[pixel] = isBad ? 0 : loaded.frameAverage[pixel]! / frames;
  }
  return { series: builder.finish(), ...loaded };
}

function checkMemory(bytes: number): void {
  const allowed = totalmem() * memoryShare;
  if (bytes <= allowed) return;
  const text =
    `the pixels take ${(bytes / 2 ** 30).toFixed(1)} GiB, this machine offers ` +
    `${(allowed / 2 ** 30).toFixed(1)}; take fewer frames, or fewer pixels in the map`;
  throw new DomainError('exhausted', text);
}

/** Bad values become 0 in place, so that they cannot spoil sums. */
function markBad(values: Float32Array, size: number, marker: number, bad: Uint8Array): void {
  for (let at = 0, pixel = 0; at < values.length; at += 1) {
    const value = values[at]!;
    if (!(value >= 0 && value < marker)) {
      bad[pixel] = 1;
      values[at] = 0;
    }
    pixel = pixel + 1 === size ? 0 : pixel + 1;
  }
}

function fold(
  raw: Float32Array<ArrayBuffer>,
  size: number,
  count: number,
  { stride, average }: FrameSelection,
): Float32Array<ArrayBuffer> {
  const block = new Float32Array(count * size);
  for (let frame = 0; frame < count; frame += 1) {
    for (let member = 0; member < average; member += 1) {
      const from = (frame * average + member) * stride * size;
      const at = frame * size;
      for (let pixel = 0; pixel < size; pixel += 1) {
        block[at + pixel] = block[at + pixel]! + raw[from + pixel]! / average;
      }
    }
  }
  return block;
}

function sumFrames(
  block: Float32Array,
  size: number,
  first: number,
  { frameSums, frameAverage }: Pick<LoadedPixels, 'frameSums' | 'frameAverage'>,
): void {
  for (let at = 0, frame = first; at < block.length; at += size, frame += 1) {
    let sum = 0;
    for (let pixel = 0; pixel < size; pixel += 1) {
      const value = block[at + pixel]!;
      sum += value;
      frameAverage[pixel] = frameAverage[pixel]! + value;
    }
    frameSums[frame] = sum;
  }
}

/** g2 does not change with a common factor, so the first frame's sum serves as the scale. */
function divideBySums(block: Float32Array, size: number, sums: Float64Array, first: number): void {
  const scale = sums[0]! > 0 ? sums[0]! : 1;
  for (let at = 0; at < block.length; at += 1) {
    const sum = sums[first + Math.floor(at / size)]!;
    block[at] = sum > 0 ? (block[at]! * scale) / sum : 0;
  }
}
