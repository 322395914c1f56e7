import { createSliceReconstructor, type Slice, type SlicePlan } from './slice-pair.ts';

/** Memory that all threads see, and what to do with it; passed to a worker as it is. */
export interface SliceWork {
  plan: SlicePlan;
  slabSlices: number;
  /** int32[5], see {@link control}. */
  control: Int32Array<SharedArrayBuffer>;
  /** float32[slabSlices, angles, columns]. */
  sinograms: Float32Array<SharedArrayBuffer>;
  /** float64[slabSlices, columns]. */
  dark: Float64Array<SharedArrayBuffer>;
  /** float64[slabSlices, columns]. */
  flat: Float64Array<SharedArrayBuffer>;
  /** float32[slabSlices, columns, columns]. */
  images: Float32Array<SharedArrayBuffer>;
}

/** Places in the control words. */
export const control = {
  /** Goes up by one when a slab is ready; negative means that the work is over. */
  round: 0,
  /** The next pair of slices that nobody has taken. */
  next: 1,
  /** Pairs finished in this round. */
  done: 2,
  /** Slices of this round. */
  slices: 3,
  /** 1 after a thread has failed. */
  failed: 4,
} as const;

/**
 * Takes pairs of slices of the present round until none is left; every thread runs this. A pair is
 * always the same two slices, so that images do not depend on who made them.
 */
export function createPairTaker(work: SliceWork): () => void {
  const { plan, control: words } = work;
  const reconstruct = createSliceReconstructor(plan);
  const perSinogram = plan.anglesRadians.length * plan.columns;
  const perImage = plan.columns * plan.columns;
  const slice = (index: number): Slice => ({
    sinogram: work.sinograms.subarray(index * perSinogram, (index + 1) * perSinogram),
    dark: work.dark.subarray(index * plan.columns, (index + 1) * plan.columns),
    flat: work.flat.subarray(index * plan.columns, (index + 1) * plan.columns),
    image: work.images.subarray(index * perImage, (index + 1) * perImage),
  });
  return () => {
    for (;;) {
      const first = 2 * Atomics.add(words, control.next, 1);
      const slices = Atomics.load(words, control.slices);
      if (first >= slices) return;
      reconstruct(slice(first), first + 1 < slices ? slice(first + 1) : undefined);
      Atomics.add(words, control.done, 1);
      Atomics.notify(words, control.done);
    }
  };
}
