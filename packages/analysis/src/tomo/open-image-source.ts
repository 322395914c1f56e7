import { DomainError } from '@interpulse/domain/error.ts';
import { openImageStack } from '@interpulse/formats/images/open-image-stack.ts';
import type { ImageSeries } from '@interpulse/formats/image-series/image-series.ts';
import { evenAngles, requireAngles } from './projection-angles.ts';
import type { TomographySource } from './tomography-source.ts';

/** Where the pictures of a scan lie; each a folder or a file of many pages. */
export interface ImageSourcePaths {
  projections: string;
  flat?: string | undefined;
  dark?: string | undefined;
}

/**
 * Opens a scan that lies as pictures. Without angles the projections are spread evenly over 180°.
 *
 * @throws DomainError naming the file or folder and what is wrong with it.
 */
export function openImageSource(
  paths: ImageSourcePaths,
  anglesRadians?: Float64Array,
): TomographySource {
  const stack = openImageStack(paths.projections);
  const { rows, columns, frames } = stack;
  const angles = anglesRadians ?? evenAngles(frames);
  requireAngles(angles, frames, paths.projections);
  const flat = meanFrame(paths.flat, stack);
  const dark = meanFrame(paths.dark, stack);
  const part = (mean: Float64Array | undefined, first: number, count: number, otherwise: number) =>
    mean === undefined
      ? new Float64Array(count * columns).fill(otherwise)
      : mean.slice(first * columns, (first + count) * columns);
  return {
    path: paths.projections,
    title: undefined,
    slices: rows,
    columns,
    anglesRadians: angles,
    hasFlat: flat !== undefined,
    hasDark: dark !== undefined,
    readSlab(first, count, sinograms) {
      for (let angle = 0; angle < frames; angle += 1) {
        const frame = stack.readFrames(angle, 1);
        for (let row = 0; row < count; row += 1) {
          const from = (first + row) * columns;
          const to = (row * frames + angle) * columns;
          sinograms.set(frame.subarray(from, from + columns), to);
        }
      }
      return { sinograms, dark: part(dark, first, count, 0), flat: part(flat, first, count, 1) };
    },
    close: () => stack.close(),
  };
}

function meanFrame(path: string | undefined, like: ImageSeries): Float64Array | undefined {
  if (path === undefined) return undefined;
  const stack = openImageStack(path);
  const { rows, columns, frames } = stack;
  if (rows !== like.rows || columns !== like.columns) {
    throw new DomainError(
      'invalid',
      `Opening ${path}: its pictures are ${rows} x ${columns}, the projections ` +
        `${like.rows} x ${like.columns}.`,
    );
  }
  const mean = new Float64Array(rows * columns);
  for (let frame = 0; frame < frames; frame += 1) {
    const values = stack.readFrames(frame, 1);
    for (let i = 0; i < mean.length; i += 1) mean[i] = mean[i]! + values[i]! / frames;
  }
  stack.close();
  return mean;
}
