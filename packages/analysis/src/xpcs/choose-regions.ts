import type { ImageSeries } from '@interpulse/formats/image-series/image-series.ts';
import type { CommandOptions } from './command-options.ts';
import { readQmap } from './read-qmap.ts';
import type { Regions } from './regions.ts';
import { ringRegions } from './regions.ts';

/** Close to the beam the stop and its shadow spoil the rings: this share of the short side. */
const innerShare = 0.06;
/** Finer than this, rings hold too few pixels; wider, intensity falls too much inside them. */
const staticRingPixels = 1.5;
const mostStaticRings = 10;

/**
 * The regions a command line asks for: a map, or rings around the beam, which is where the
 * options or the file say, else in the middle.
 *
 * @throws DomainError `invalid` when they do not fit the frames.
 */
export async function chooseRegions(
  series: ImageSeries,
  options: CommandOptions,
): Promise<Regions> {
  const { rows, columns, metadata } = series;
  if (options.qmap !== undefined) return readQmap(options.qmap, rows, columns);
  const centerRow = options.centerRow ?? metadata.beamCenterRow ?? (rows - 1) / 2;
  const centerColumn = options.centerColumn ?? metadata.beamCenterColumn ?? (columns - 1) / 2;
  const { nearest, farthest, inside } = distances(rows, columns, centerRow, centerColumn);
  const innerRadiusPixels =
    options.innerRadius ?? Math.max(nearest, innerShare * Math.min(rows, columns));
  const outerRadiusPixels = options.outerRadius ?? inside ?? farthest;
  const width = (outerRadiusPixels - innerRadiusPixels) / options.dynamicRings;
  const fitting = Math.min(mostStaticRings, Math.max(1, Math.floor(width / staticRingPixels)));
  return ringRegions({
    rows,
    columns,
    dynamicRings: options.dynamicRings,
    staticRingsPerDynamic: options.staticRingsPerDynamic ?? fitting,
    centerRow,
    centerColumn,
    innerRadiusPixels,
    outerRadiusPixels,
    metadata,
  });
}

/** From a point to the frame: `inside` is the largest circle that fits, if the point is in it. */
function distances(
  rows: number,
  columns: number,
  row: number,
  column: number,
): { nearest: number; farthest: number; inside: number | undefined } {
  const beyond = (value: number, size: number): number => Math.max(0, -value, value - (size - 1));
  const across = (value: number, size: number): number =>
    Math.max(Math.abs(value), Math.abs(value - (size - 1)));
  const nearest = Math.hypot(beyond(row, rows), beyond(column, columns));
  const farthest = Math.hypot(across(row, rows), across(column, columns));
  const edge = Math.min(row, rows - 1 - row, column, columns - 1 - column);
  return { nearest, farthest, inside: edge > 4 ? edge + 0.5 : undefined };
}
