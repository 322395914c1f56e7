import { DomainError } from '@interpulse/domain/error.ts';
import { findCenter, type FoundCenter } from './find-center.ts';
import { SliceCrew } from './slice-crew.ts';
import type { SlicePlan } from './slice-pair.ts';
import type { TomoOptions } from './tomo-options.ts';
import type { TomographySource } from './tomography-source.ts';

/** The rotation axis that was used and how it came about. */
export type UsedCenter = FoundCenter | { centerColumn: number; method: 'given' };

/** What a reconstruction is going to do, decided before any slice is made. */
export interface ScanPlan {
  slicePlan: SlicePlan;
  center: UsedCenter;
  firstSlice: number;
  slices: number;
  slabSlices: number;
  threads: number;
}

/** Milliseconds spent in each stage, for the result file. */
export interface StageTimes {
  centerMilliseconds: number;
  readMilliseconds: number;
  reconstructMilliseconds: number;
}

/**
 * Settles the axis, the slices and how many of them are in flight.
 *
 * @throws DomainError `invalid` when options do not fit the scan.
 */
export function planScan(source: TomographySource, options: TomoOptions): ScanPlan {
  if (options.values === 'counts' && !source.hasFlat) {
    throw new DomainError(
      'invalid',
      `Opening ${source.path}: there is no flat field (data_white) to turn counts into ` +
        'transmission. Give --flat PICTURES, or say what they are: --values transmission or ' +
        'absorption (the parameter "values" of the app).',
    );
  }
  const { first: firstSlice = 0, end = source.slices } = options.slices;
  if (firstSlice >= end || end > source.slices) {
    throw new DomainError(
      'invalid',
      `--slices ${firstSlice}:${end} of ${source.path}: it has ${source.slices} slices, 0 to ` +
        `${source.slices - 1}; the first must lie before the end.`,
    );
  }
  const slices = end - firstSlice;
  const unfinished = {
    columns: source.columns,
    anglesRadians: source.anglesRadians,
    filter: options.filter,
    filterShape: { cutoffCyclesPerPixel: options.cutoffCyclesPerPixel, order: options.order },
    padding: options.padding,
    beyondEdge: options.beyondEdge,
    rounding: options.rounding,
    values: options.values,
    rings: options.rings,
  };
  const center = settleCenter(source, unfinished, options, firstSlice + Math.floor(slices / 2));
  const perSlice = 4 * source.columns * (3 * source.anglesRadians.length + source.columns);
  const fitting = 2 * Math.max(1, Math.floor(options.memoryBytes / perSlice / 2));
  return {
    slicePlan: { ...unfinished, centerColumn: center.centerColumn },
    center,
    firstSlice,
    slices,
    slabSlices: Math.min(slices, fitting),
    threads: options.threads,
  };
}

function settleCenter(
  source: TomographySource,
  plan: Omit<SlicePlan, 'centerColumn'>,
  options: TomoOptions,
  middle: number,
): UsedCenter {
  const slice = options.centerSlice ?? middle;
  if (slice >= source.slices) {
    throw new DomainError(
      'invalid',
      `--center-slice ${slice} of ${source.path}: the last slice is ${source.slices - 1}.`,
    );
  }
  if (typeof options.center !== 'number') return findCenter(source, plan, options.center, slice);
  if (options.center < 0 || options.center > source.columns - 1) {
    throw new DomainError(
      'invalid',
      `--center ${options.center} of ${source.path}: the axis must lie on the detector, between ` +
        `0 and ${source.columns - 1}.`,
    );
  }
  return { centerColumn: options.center, method: 'given' };
}

/**
 * Reconstructs slab after slab and hands each on; blocks the calling thread, which works too.
 *
 * @param emit Gets float32[count, columns, columns] and the scan's number of its first slice; the
 * array is overwritten by the next slab.
 */
export function reconstructScan(
  source: TomographySource,
  plan: ScanPlan,
  crew: SliceCrew,
  times: StageTimes,
  emit: (images: Float32Array<SharedArrayBuffer>, firstSlice: number) => void,
): void {
  const end = plan.firstSlice + plan.slices;
  for (let first = plan.firstSlice; first < end; first += plan.slabSlices) {
    const count = Math.min(plan.slabSlices, end - first);
    const started = performance.now();
    const length = count * source.anglesRadians.length * source.columns;
    const slab = source.readSlab(first, count, crew.work.sinograms.subarray(0, length));
    crew.work.dark.set(slab.dark);
    crew.work.flat.set(slab.flat);
    const read = performance.now();
    const images = crew.run(count);
    times.readMilliseconds += read - started;
    times.reconstructMilliseconds += performance.now() - read;
    emit(images, first);
  }
}
