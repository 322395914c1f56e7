import { Gridrec, type GridrecOptions } from './gridrec.ts';
import { toAbsorption, toTransmission } from './normalize.ts';
import { defaultRingWindow, removeRingsBySorting } from './sorted-ring-removal.ts';
import type { TomographyValues } from './tomography-source.ts';

/** How slices are cleaned and reconstructed. */
export interface SlicePlan extends GridrecOptions {
  values: TomographyValues;
  rings: 'none' | 'sorting';
  centerColumn: number;
}

/** One slice: its sinogram (overwritten), its mean dark and flat, and where its image goes. */
export interface Slice {
  /** float32[angles, columns]. */
  sinogram: Float32Array;
  dark: Float64Array;
  flat: Float64Array;
  /** float32[size, size]. */
  image: Float32Array;
}

/** From what the detector gave to -ln(transmission) without stripes, in place. */
export function prepareSlice(
  plan: Pick<SlicePlan, 'values' | 'rings' | 'columns'>,
  slice: Omit<Slice, 'image'>,
): void {
  const { sinogram, dark, flat } = slice;
  if (plan.values === 'counts') toTransmission(sinogram, dark, flat);
  if (plan.values !== 'absorption') toAbsorption(sinogram, plan.columns);
  if (plan.rings === 'sorting') {
    removeRingsBySorting(sinogram, plan.columns, defaultRingWindow(plan.columns));
  }
}

/** A function that prepares and reconstructs two slices (or one); keeps its scratch memory. */
export function createSliceReconstructor(
  plan: SlicePlan,
): (first: Slice, second: Slice | undefined) => void {
  const gridrec = new Gridrec(plan);
  return (first, second) => {
    prepareSlice(plan, first);
    if (second !== undefined) prepareSlice(plan, second);
    const center = plan.centerColumn;
    gridrec.reconstruct(first.sinogram, second?.sinogram, center, first.image, second?.image);
  };
}
