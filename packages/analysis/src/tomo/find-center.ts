import { DomainError } from '@interpulse/domain/error.ts';
import { entropyCenter } from './center/entropy-center.ts';
import { phaseCenter } from './center/phase-center.ts';
import { voCenter } from './center/vo-center.ts';
import { prepareSlice, type SlicePlan } from './slice-pair.ts';
import type { TomographySource } from './tomography-source.ts';

/** How the rotation axis can be found; `auto` is entropy, begun where phase correlation points. */
export const centerMethods = ['auto', 'entropy', 'phase', 'vo'] as const;

/** One of {@link centerMethods}. */
export type CenterMethod = (typeof centerMethods)[number];

/** Where the axis is and how that was found. */
export interface FoundCenter {
  centerColumn: number;
  method: Exclude<CenterMethod, 'auto'>;
}

/** Rows around the slice that phase correlation looks at. */
const phaseRows = 32;
/** Two projections count as opposite when they are this close to half a turn apart. */
const oppositeWithinRadians = (2 * Math.PI) / 180;

/**
 * Finds the rotation axis from one slice (and, for phase correlation, the rows around it).
 *
 * @throws DomainError `invalid` when the scan lacks what the method needs.
 */
export function findCenter(
  source: TomographySource,
  plan: Pick<SlicePlan, 'values' | 'rings' | 'columns'>,
  method: CenterMethod,
  slice: number,
): FoundCenter {
  const { columns, anglesRadians } = source;
  const opposite = oppositePair(anglesRadians);
  if (method === 'phase') {
    if (opposite === undefined) {
      throw new DomainError(
        'invalid',
        `Finding the axis of ${source.path}: no two projections are 180° apart, as phase ` +
          'correlation needs. Use --center entropy.',
      );
    }
    return { centerColumn: fromOpposite(source, plan, slice, opposite), method };
  }
  const sinogram = readSlices(source, plan, slice, 1);
  if (method === 'vo') return { centerColumn: voCenter(sinogram, columns), method };
  const start =
    method === 'auto' && opposite !== undefined
      ? { startColumn: fromOpposite(source, plan, slice, opposite) }
      : {};
  const found = entropyCenter(sinogram, { columns, anglesRadians, ...start });
  return { centerColumn: found, method: 'entropy' };
}

/** Prepared sinograms: float32[count, angles, columns]. */
function readSlices(
  source: TomographySource,
  plan: Pick<SlicePlan, 'values' | 'rings' | 'columns'>,
  first: number,
  count: number,
): Float32Array {
  const { columns, anglesRadians } = source;
  const length = anglesRadians.length * columns;
  const { sinograms, dark, flat } = source.readSlab(first, count, new Float32Array(count * length));
  for (let slice = 0; slice < count; slice += 1) {
    prepareSlice(plan, {
      sinogram: sinograms.subarray(slice * length, (slice + 1) * length),
      dark: dark.subarray(slice * columns, (slice + 1) * columns),
      flat: flat.subarray(slice * columns, (slice + 1) * columns),
    });
  }
  return sinograms;
}

function fromOpposite(
  source: TomographySource,
  plan: Pick<SlicePlan, 'values' | 'rings' | 'columns'>,
  slice: number,
  pair: readonly [number, number],
): number {
  const { columns, anglesRadians, slices } = source;
  const count = Math.min(phaseRows, slices);
  const first = Math.min(slices - count, Math.max(0, slice - Math.floor(count / 2)));
  const sinograms = readSlices(source, plan, first, count);
  const [one, other] = pair.map((angle) => {
    const projection = new Float32Array(count * columns);
    for (let row = 0; row < count; row += 1) {
      const from = (row * anglesRadians.length + angle) * columns;
      projection.set(sinograms.subarray(from, from + columns), row * columns);
    }
    return projection;
  });
  return phaseCenter(one!, other!, columns, 0.25);
}

/** The first projection and the one nearest to half a turn from it, if that is near enough. */
function oppositePair(anglesRadians: Float64Array): readonly [number, number] | undefined {
  const miss = (angle: number): number => Math.abs(Math.abs(angle - anglesRadians[0]!) - Math.PI);
  let best = 0;
  anglesRadians.forEach((angle, i) => {
    if (miss(angle) < miss(anglesRadians[best]!)) best = i;
  });
  return miss(anglesRadians[best]!) <= oppositeWithinRadians ? [0, best] : undefined;
}
