import type { Hdf5File } from '../hdf5/hdf5-file.ts';
import { isHdf5, openHdf5 } from '../hdf5/open-hdf5.ts';
import { findSeriesDataset } from './find-series-dataset.ts';
import type { ImageSeriesLayout } from './image-series.ts';
import { isFolder, openImageSeries } from './open-image-series.ts';
import { rotationAxis } from './rotation-axis.ts';

/** How data lie on disk, and which of the shipped apps they are for. */
export interface DetectedLayout {
  layout: ImageSeriesLayout;
  suggestedApp: 'xpcs' | 'tomo';
  /** Why, for people. */
  reason: string;
}

/**
 * Looks at a file or folder and says what it is, without reading its frames.
 *
 * @throws DomainError `notFound`, or `invalid` when no layout that we know fits.
 */
export async function detectLayout(path: string): Promise<DetectedLayout> {
  if (isFolder(path) || !isHdf5(path)) {
    const series = await openImageSeries(path);
    const { frames, metadata } = series;
    series.close();
    if (metadata.anglesDegrees !== undefined) {
      return { layout: 'images', suggestedApp: 'tomo', reason: 'images with rotation angles' };
    }
    const reason = `${frames} images without rotation angles: a movie`;
    return { layout: 'images', suggestedApp: 'xpcs', reason };
  }
  const file = await openHdf5(path);
  try {
    const { layout, paths, entry } = findSeriesDataset(file);
    return { layout, ...suggestion(file, paths[0] ?? '', entry === '/' ? '' : entry) };
  } finally {
    file.close();
  }
}

function suggestion(
  file: Hdf5File,
  dataset: string,
  entry: string,
): Pick<DetectedLayout, 'suggestedApp' | 'reason'> {
  const definition = file.scalar(`${entry}/definition`);
  if (definition === 'NXtomo') return { suggestedApp: 'tomo', reason: 'its definition is NXtomo' };
  if (definition === 'NXxpcs') return { suggestedApp: 'xpcs', reason: 'its definition is NXxpcs' };
  const signs = [
    '/exchange/theta',
    '/exchange/data_white',
    `${entry}/sample/rotation_angle`,
    `${entry}/data/rotation_angle`,
    `${entry}/instrument/detector/image_key`,
  ];
  const axis = rotationAxis(file, dataset);
  const sign = axis ?? signs.find((each) => file.kind(each) === 'dataset');
  if (sign !== undefined) return { suggestedApp: 'tomo', reason: `it holds ${sign}` };
  return {
    suggestedApp: 'xpcs',
    reason: `${dataset} is a series of frames without rotation angles`,
  };
}
