import { DomainError } from '@interpulse/domain/error.ts';
import type { ImageSeriesMetadata } from '@interpulse/formats/image-series/image-series.ts';

/** Which pixels belong together. */
export interface Regions {
  rows: number;
  columns: number;
  /** int32[rows, columns]: bins from 1 that get a curve each; 0 is left out. */
  dynamicMap: Int32Array;
  /** int32[rows, columns]: finer bins from 1 for the normalisation. */
  staticMap: Int32Array;
  dynamicCount: number;
  staticCount: number;
  /** int32[static bins]: the dynamic bin that each is part of; 0 for none. */
  staticToDynamic: Int32Array;
  /** Momentum transfer of each dynamic bin in `qUnit`. */
  q: Float64Array;
  qUnit: QUnit;
  /** Pixels whose dynamic bin was changed because their static bin lies mostly in another. */
  movedPixels: number;
}

/** 1/nm when the geometry is known, else the distance from the beam in pixels. */
export type QUnit = '1/nm' | 'pixel';

/** How rings are laid on a detector. */
export interface RingOptions {
  rows: number;
  columns: number;
  dynamicRings: number;
  staticRingsPerDynamic: number;
  centerRow: number;
  centerColumn: number;
  innerRadiusPixels: number;
  outerRadiusPixels: number;
  metadata: ImageSeriesMetadata;
}

/**
 * Rings of equal width around the beam; each is cut into finer rings for the normalisation.
 *
 * @throws DomainError `invalid` when the rings are not at least half a pixel wide or empty.
 */
export function ringRegions(options: RingOptions): Regions {
  const { rows, columns, innerRadiusPixels: inner, outerRadiusPixels: outer } = options;
  const staticCount = options.dynamicRings * options.staticRingsPerDynamic;
  const width = (outer - inner) / staticCount;
  if (!(width >= 0.5) || inner < 0) {
    const text = `${staticCount} do not fit between ${inner} and ${outer} pixels; ask for fewer`;
    throw new DomainError('invalid', `cannot lay the rings: ${text}`);
  }
  const dynamicMap = new Int32Array(rows * columns);
  const staticMap = new Int32Array(rows * columns);
  for (let pixel = 0; pixel < dynamicMap.length; pixel += 1) {
    const radius = Math.hypot(
      Math.floor(pixel / columns) - options.centerRow,
      (pixel % columns) - options.centerColumn,
    );
    const ring = Math.floor((radius - inner) / width);
    if (radius < inner || ring >= staticCount) continue;
    staticMap[pixel] = ring + 1;
    dynamicMap[pixel] = Math.floor(ring / options.staticRingsPerDynamic) + 1;
  }
  const { q, qUnit } = meanQ(options, dynamicMap);
  return { ...joinMaps(rows, columns, dynamicMap, staticMap), q, qUnit };
}

/**
 * Puts a dynamic and a static map together. A static bin that touches several dynamic bins goes
 * whole to the one that holds most of its pixels.
 *
 * @throws DomainError `invalid` when no pixel is in both maps.
 */
export function joinMaps(
  rows: number,
  columns: number,
  dynamicInput: Int32Array,
  staticInput: Int32Array,
): Omit<Regions, 'q' | 'qUnit'> {
  const dynamicCount = dynamicInput.reduce((most, bin) => Math.max(most, bin), 0);
  const staticCount = staticInput.reduce((most, bin) => Math.max(most, bin), 0);
  if (dynamicCount === 0 || staticCount === 0) {
    throw new DomainError('invalid', 'the map of regions holds no pixel (no bin from 1 on)');
  }
  const votes = new Map<number, Map<number, number>>();
  dynamicInput.forEach((dynamic, pixel) => {
    const bin = staticInput[pixel]!;
    if (dynamic < 1 || bin < 1) return;
    const ofBin = votes.get(bin) ?? new Map<number, number>();
    votes.set(bin, ofBin.set(dynamic, (ofBin.get(dynamic) ?? 0) + 1));
  });
  const staticToDynamic = new Int32Array(staticCount);
  for (const [bin, ofBin] of votes) {
    const winner = [...ofBin].reduce((best, each) => (each[1] > best[1] ? each : best));
    staticToDynamic[bin - 1] = winner[0];
  }
  let movedPixels = 0;
  const dynamicMap = dynamicInput.map((dynamic, pixel) => {
    const bin = staticInput[pixel]!;
    if (dynamic < 1 || bin < 1) return 0;
    const target = staticToDynamic[bin - 1]!;
    if (target !== dynamic) movedPixels += 1;
    return target;
  });
  const staticMap = staticInput.map((bin, pixel) => (dynamicMap[pixel]! > 0 ? bin : 0));
  const counts = { dynamicCount, staticCount };
  return { rows, columns, dynamicMap, staticMap, ...counts, staticToDynamic, movedPixels };
}

function meanQ(options: RingOptions, dynamicMap: Int32Array): { q: Float64Array; qUnit: QUnit } {
  const toQ = momentumTransfer(options.metadata);
  const sums = new Float64Array(options.dynamicRings);
  const counts = new Float64Array(options.dynamicRings);
  dynamicMap.forEach((bin, pixel) => {
    if (bin < 1) return;
    const row = Math.floor(pixel / options.columns) - options.centerRow;
    const radius = Math.hypot(row, (pixel % options.columns) - options.centerColumn);
    sums[bin - 1] = sums[bin - 1]! + (toQ === undefined ? radius : toQ(radius));
    counts[bin - 1] = counts[bin - 1]! + 1;
  });
  const q = sums.map((sum, bin) => sum / counts[bin]!);
  return { q, qUnit: toQ === undefined ? 'pixel' : '1/nm' };
}

/** q = 4π/λ·sin(θ), tan 2θ = r/L, in 1/nm; undefined where the geometry is not known. */
export function momentumTransfer(
  metadata: ImageSeriesMetadata,
): ((radiusPixels: number) => number) | undefined {
  const { pixelSizeMetres, detectorDistanceMetres, photonEnergyElectronvolts } = metadata;
  if (!pixelSizeMetres || !detectorDistanceMetres || !photonEnergyElectronvolts) return undefined;
  /** hc in eV·nm. */
  const wavelengthNanometres = 1239.841984 / photonEnergyElectronvolts;
  return (radiusPixels) => {
    const twoTheta = Math.atan((radiusPixels * pixelSizeMetres) / detectorDistanceMetres);
    return ((4 * Math.PI) / wavelengthNanometres) * Math.sin(twoTheta / 2);
  };
}
