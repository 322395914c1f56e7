import { DomainError } from '@interpulse/domain/error.ts';
import type { Hdf5File } from '../hdf5/hdf5-file.ts';
import type { SeriesDataset } from './find-series-dataset.ts';
import type { ImageSeriesMetadata } from './image-series.ts';
import { rotationAxis } from './rotation-axis.ts';

/** Factors to seconds, metres, electronvolts and degrees. */
const factors: Record<string, number> = {
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
  m: 1,
  meter: 1,
  metre: 1,
  cm: 1e-2,
  mm: 1e-3,
  um: 1e-6,
  µm: 1e-6,
  micron: 1e-6,
  nm: 1e-9,
  ev: 1,
  kev: 1e3,
  deg: 1,
  degree: 1,
  degrees: 1,
  rad: 180 / Math.PI,
  radian: 180 / Math.PI,
  radians: 180 / Math.PI,
};

/**
 * What an HDF5 file says about its frames, in our units. Values that are not there are left out;
 * a unit that is not known is an error, because a guess would be wrong by powers of ten.
 *
 * @throws DomainError `invalid` for an unknown unit.
 */
export function readSeriesMetadata(file: Hdf5File, series: SeriesDataset): ImageSeriesMetadata {
  const base = series.entry === '/' ? '' : series.entry;
  const instrument = groupOfClass(file, base, 'NXinstrument', 'instrument');
  const detector = groupOfClass(file, instrument, 'NXdetector', 'detector');
  const number = (...paths: string[]): number | undefined =>
    paths.map((path) => quantity(file, path)).find((value) => value !== undefined);
  const values = {
    title: text(file, `${base}/title`) ?? text(file, '/exchange/title'),
    startedAt: text(file, `${base}/start_time`),
    shotNumber: number(`${base}/shot_number`, `${base}/scan_number`, `${base}/run_number`),
    exposureSeconds: number(`${detector}/count_time`, `${detector}/exposure_time`),
    framePeriodSeconds: number(`${detector}/frame_time`, `${detector}/frame_period`),
    pixelSizeMetres: number(`${detector}/x_pixel_size`),
    detectorDistanceMetres: number(`${detector}/distance`),
    photonEnergyElectronvolts: number(
      `${instrument}/incident_beam/incident_energy`,
      `${instrument}/beam/incident_energy`,
      `${instrument}/monochromator/energy`,
    ),
    beamCenterColumn: number(`${detector}/beam_center_x`),
    beamCenterRow: number(`${detector}/beam_center_y`),
    anglesDegrees: angles(file, base, detector, series.paths),
  };
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known);
}

function groupOfClass(file: Hdf5File, parent: string, className: string, usual: string): string {
  const direct = `${parent}/${usual}`;
  if (file.kind(direct) === 'group' || file.kind(parent === '' ? '/' : parent) !== 'group') {
    return direct;
  }
  const paths = file.children(parent === '' ? '/' : parent).map((name) => `${parent}/${name}`);
  const found = paths.find(
    (path) => file.kind(path) === 'group' && file.attribute(path, 'NX_class') === className,
  );
  return found ?? direct;
}

function text(file: Hdf5File, path: string): string | undefined {
  const value = file.scalar(path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function quantity(file: Hdf5File, path: string): number | undefined {
  const value = file.scalar(path);
  const number = typeof value === 'string' ? Number.parseFloat(value) : value;
  if (number === undefined || !Number.isFinite(number)) return undefined;
  return number * factor(file, path);
}

function factor(file: Hdf5File, path: string): number {
  const units = file.attribute(path, 'units');
  if (typeof units !== 'string' || units === '' || /^pixels?$/i.test(units)) return 1;
  const known = factors[units.toLowerCase().trim()];
  if (known !== undefined) return known;
  throw new DomainError('invalid', `in ${file.path}: ${path} has the unknown unit "${units}"`);
}

function angles(
  file: Hdf5File,
  base: string,
  detector: string,
  [stack = '/', ...further]: readonly string[],
): Float64Array | undefined {
  const axis = further.length === 0 ? rotationAxis(file, stack) : undefined;
  const candidates = [
    ...(axis === undefined ? [] : [axis]),
    '/exchange/theta',
    `${base}/sample/rotation_angle`,
    `${base}/data/rotation_angle`,
    `${detector}/rotation_angle`,
  ];
  const path = candidates.find((each) => file.kind(each) === 'dataset');
  if (path === undefined) return undefined;
  const scale = factor(file, path);
  const values: ArrayLike<number | bigint> = file.read(path).values;
  return Float64Array.from(Array.from(values), (value) => Number(value) * scale);
}
