import { statSync } from 'node:fs';
import { DomainError } from '@interpulse/domain/error.ts';
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
  const { shape, dtype } = file.dataset(series.path);
  const [frames = 0, rows = 0, columns = 0] = shape ?? [];
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
      const { values } = file.read(series.path, [[first, first + count]]);
      if (values instanceof Float32Array && values.buffer instanceof ArrayBuffer) {
        return values as Float32Array<ArrayBuffer>;
      }
      if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
        return Float32Array.from(values, Number);
      }
      return new Float32Array(values);
    },
    close: () => file.close(),
  };
}
