import { rmSync, statSync, writeFileSync } from 'node:fs';
import { DomainError } from '@interpulse/domain/error.ts';
import { isImageFile } from '@interpulse/formats/images/list-image-files.ts';
import { encodePng8 } from '@interpulse/formats/images/write-png8.ts';
import { writeHdf5 } from '@interpulse/formats/hdf5/write-hdf5.ts';
import { describeReconstruction } from './describe-reconstruction.ts';
import { openHdf5Source } from './open-hdf5-source.ts';
import { openImageSource } from './open-image-source.ts';
import { toPicture, type Picture } from './picture.ts';
import { readAnglesFile } from './projection-angles.ts';
import { planScan, reconstructScan, type ScanPlan, type StageTimes } from './reconstruct-scan.ts';
import { SliceCrew } from './slice-crew.ts';
import type { TomoOptions } from './tomo-options.ts';
import type { TomographySource } from './tomography-source.ts';

/**
 * Reads a scan, finds its axis, reconstructs it and writes the result file and the previews.
 *
 * @param report Gets a line of progress now and then.
 * @throws DomainError for wrong input, before anything is written.
 */
export async function runTomo(
  options: TomoOptions,
  report: (line: string) => void,
): Promise<{ centerColumn: number }> {
  const source = await openSource(options);
  try {
    const { slices, columns, anglesRadians } = source;
    report(`${source.path}: ${anglesRadians.length} projections of ${slices} x ${columns}`);
    if (!source.hasDark && options.values === 'counts') report('no dark frames: taken as 0');
    const started = performance.now();
    const plan = planScan(source, options);
    const centerMilliseconds = performance.now() - started;
    const { centerColumn, method } = plan.center;
    report(`rotation axis at column ${centerColumn.toFixed(2)} (${method})`);
    const times: StageTimes = {
      centerMilliseconds,
      readMilliseconds: 0,
      reconstructMilliseconds: 0,
    };
    const picture = await writeResult(options, source, plan, times, report);
    if (picture !== undefined) writePreviews(options, source, plan, picture);
    const seconds = (performance.now() - started) / 1000;
    report(`${options.output}: ${plan.slices} slices in ${seconds.toFixed(2)} s`);
    return { centerColumn };
  } finally {
    source.close();
  }
}

async function openSource(options: TomoOptions): Promise<TomographySource> {
  const angles = options.anglesFile === undefined ? undefined : readAnglesFile(options.anglesFile);
  const found = statSync(options.input, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new DomainError('notFound', `Opening ${options.input}: there is no such file or folder.`);
  }
  if (found.isDirectory() || isImageFile(options.input)) {
    const { input: projections, flat, dark } = options;
    return openImageSource({ projections, flat, dark }, angles);
  }
  if (options.flat !== undefined || options.dark !== undefined) {
    throw new DomainError(
      'invalid',
      `Opening ${options.input}: --flat and --dark are for pictures; an HDF5 file holds its own.`,
    );
  }
  return openHdf5Source(options.input, angles);
}

/**
 * Volumes up to this size are written in one part: the HDF5 library keeps a dataset open that was
 * refreshed between parts, and then the file is not completed when it is closed.
 */
const onePartBytes = 512 * 2 ** 20;

/** Writes the result file; gives the picture of the middle slice if one is wanted. */
async function writeResult(
  options: TomoOptions,
  source: TomographySource,
  plan: ScanPlan,
  times: StageTimes,
  report: (line: string) => void,
): Promise<Picture | undefined> {
  const size = plan.slicePlan.columns;
  const shape = [plan.slices, size, size];
  const length = plan.slices * size * size;
  const wanted = options.previewPng !== undefined || options.previewJson !== undefined;
  const middle = plan.firstSlice + Math.floor(plan.slices / 2);
  let picture: Picture | undefined;
  const crew = new SliceCrew(plan.slicePlan, plan.slabSlices, plan.threads);
  try {
    await writeHdf5(options.output, (writer) => {
      const layout = { shape, dtype: 'float32' as const, chunks: [1, size, size] };
      const data = writer.datasetInParts('/entry/reconstruction/data', layout);
      const whole = 4 * length <= onePartBytes ? new Float32Array(length) : undefined;
      reconstructScan(source, plan, crew, times, (images, first) => {
        if (whole === undefined) data.append(images);
        else whole.set(images, (first - plan.firstSlice) * size * size);
        if (wanted && first <= middle && middle < first + images.length / size ** 2) {
          const from = (middle - first) * size * size;
          picture = toPicture(images.slice(from, from + size * size), size);
        }
        const done = first - plan.firstSlice + images.length / size ** 2;
        if (done < plan.slices) report(`${done} of ${plan.slices} slices`);
      });
      if (whole !== undefined) data.append(whole);
      describeReconstruction(writer, source, plan, times);
    });
  } finally {
    await crew.close();
  }
  requireWhole(options.output, 4 * length);
  return picture;
}

/** A result that lacks images must not be taken for one. */
function requireWhole(path: string, imageBytes: number): void {
  if (statSync(path).size >= imageBytes) return;
  rmSync(path);
  throw new DomainError(
    'unavailable',
    `Writing ${path}: the HDF5 library did not complete the file, which was removed. ` +
      'Reconstruct fewer slices at a time with --slices.',
  );
}

function writePreviews(
  options: TomoOptions,
  source: TomographySource,
  plan: ScanPlan,
  picture: Picture,
): void {
  const png = encodePng8(picture.grey, picture.rows, picture.columns);
  if (options.previewPng !== undefined) writeFileSync(options.previewPng, png);
  if (options.previewJson === undefined) return;
  const slice = plan.firstSlice + Math.floor(plan.slices / 2);
  const preview = {
    kind: 'image',
    title: `${source.title ?? 'Tomography'}, slice ${slice}`,
    png: Buffer.from(png).toString('base64'),
    widthPixels: picture.columns,
    heightPixels: picture.rows,
    figures: [
      { label: 'Rotation axis', value: plan.center.centerColumn, unit: 'px' },
      { label: 'Slices', value: plan.slices, unit: '' },
    ],
  };
  writeFileSync(options.previewJson, JSON.stringify(preview));
}
