import type { Hdf5File } from '../hdf5/hdf5-file.ts';
import { findSeriesDataset } from './find-series-dataset.ts';

/**
 * How many frames a file's series of images has, without reading one.
 *
 * @throws DomainError `invalid` when it has no series, or no frame yet.
 */
export function countFrames(file: Hdf5File): number {
  const { paths } = findSeriesDataset(file);
  return paths.reduce((frames, path) => frames + (file.dataset(path).shape?.[0] ?? 0), 0);
}
