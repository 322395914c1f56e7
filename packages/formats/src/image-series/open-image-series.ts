import { statSync } from 'node:fs';
import { DomainError } from '@interpulse/domain/error.ts';
import type { NumericArray } from '../hdf5/hdf5-dtype.ts';
import type { Hdf5File } from '../hdf5/hdf5-file.ts';
import { isHdf5, openHdf5 } from '../hdf5/open-hdf5.ts';
import type { ImageSeries } from './image-series.ts';
import type { SeriesDataset } from './find-series-dataset.ts';
import { findSeriesDataset } from './find-series-dataset.ts';
import { readSeriesMetadata } from './read-series-metadata.ts';

/** Which dataset to take, where a file has several. */
export interface OpenImageSeriesOptions {
  /** Path inside an HDF5 file, [frames, rows, columns]. */
  dataset?: string;
}

/**
 * Opens a series of frames: a NeXus or DXchange file, any HDF5 file with one stack of images, or
 * a folder of images (PNG, TIFF) or a multi-page TIFF.
 *
 * @throws DomainError `notFound` when nothing is there, `invalid` when it holds no series.
 */
export async function openImageSeries(
  path: string,
  options: OpenImageSeriesOptions = {},
): Promise<ImageSeries> {
  if (isFolder(path) || !isHdf5(path)) {
    if (options.dataset !== undefined) {
      throw new DomainError('invalid', `${path} is not HDF5, so it has no ${options.dataset}`);
    }
    const { openImageStack } = await import('../images/open-image-stack.ts');
    return openImageStack(path);
  }
  const file = await openHdf5(path);
  try {
    return hdf5Series(file, findSeriesDataset(file, options.dataset));
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Whether a path is a folder. Throws DomainError `notFound` when there is nothing. */
export function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new DomainError('notFound', `cannot open ${path}: File not found`);
  return found.isDirectory();
}

function hdf5Series(file: Hdf5File, series: SeriesDataset): ImageSeries {
  const parts = stackedParts(file, series.paths);
  const { shape, dtype } = file.dataset(series.paths[0] ?? '/');
  const [, rows = 0, columns = 0] = shape ?? [];
  const frames = parts.at(-1)?.end ?? 0;
  return {
    layout: series.layout,
    frames,
    rows,
    columns,
    dtype,
    metadata: readSeriesMetadata(file, series),
    readFrames(first, count) {
      if (!Number.isInteger(first) || first < 0 || count < 0 || first + count > frames) {
        const range = `${first} to ${first + count - 1}`;
        throw new DomainError('invalid', `${file.path} has ${frames} frames; not ${range}`);
      }
      const touched = parts.filter(({ start, end }) => start < first + count && end > first);
      const pieces = touched.map(({ path, start, end }) => {
        const from = Math.max(first, start) - start;
        const { values } = file.read(path, [[from, Math.min(first + count, end) - start]]);
        return asFloat32(values);
      });
      const [only] = pieces;
      if (only !== undefined && pieces.length === 1) return only;
      const joined = new Float32Array(count * rows * columns);
      let at = 0;
      for (const piece of pieces) {
        joined.set(piece, at);
        at += piece.length;
      }
      return joined;
    },
    close: () => file.close(),
  };
}

interface Part {
  path: string;
  /** Number of its first frame in the series. */
  start: number;
  /** Not included. */
  end: number;
}

function stackedParts(file: Hdf5File, paths: string[]): Part[] {
  let end = 0;
  return paths.map((path) => {
    const start = end;
    end += file.dataset(path).shape?.[0] ?? 0;
    return { path, start, end };
  });
}

function asFloat32(values: NumericArray): Float32Array<ArrayBuffer> {
  if (values instanceof Float32Array && values.buffer instanceof ArrayBuffer) {
    return values as Float32Array<ArrayBuffer>;
  }
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    return Float32Array.from(values, Number);
  }
  return new Float32Array(values);
}
