import { DomainError } from '@interpulse/domain/error.ts';
import { openHdf5 } from '@interpulse/formats/hdf5/open-hdf5.ts';
import type { Hdf5File } from '@interpulse/formats/hdf5/hdf5-file.ts';
import type { Regions } from './regions.ts';
import { joinMaps } from './regions.ts';

/** Where maps and their q values stand: NXxpcs, APS-U, older APS, and a plain file. */
const places = [
  ['/entry/instrument/masks/dynamic_roi_map', '/entry/instrument/masks/static_roi_map'],
  ['/xpcs/qmap/dynamic_roi_map', '/xpcs/qmap/static_roi_map'],
  ['/qmap/dynamic_roi_map', '/qmap/static_roi_map'],
  ['/xpcs/dqmap', '/xpcs/sqmap'],
  ['/dynamic_roi_map', '/static_roi_map'],
  ['/dqmap', '/sqmap'],
] as const;
const lists = ['dynamic_q_list', 'dynamic_v_list_dim0', 'dqlist', 'dql'];

/**
 * Reads the maps of dynamic and static bins of an HDF5 file; without a static map the dynamic one
 * serves for both. q is in the unit the file names, taken as 1/nm (1/angstrom is converted).
 *
 * @throws DomainError `invalid` when there is no map, or it is not of the detector's shape.
 */
export async function readQmap(path: string, rows: number, columns: number): Promise<Regions> {
  const file = await openHdf5(path);
  try {
    const place = places.find(([dynamic]) => file.kind(dynamic) === 'dataset');
    if (place === undefined) {
      const tried = places.map(([dynamic]) => dynamic).join(', ');
      throw new DomainError('invalid', `${path} holds no map of regions (looked for ${tried})`);
    }
    const dynamic = readMap(file, place[0], rows, columns);
    const hasStatic = file.kind(place[1]) === 'dataset';
    const fine = hasStatic ? readMap(file, place[1], rows, columns) : dynamic;
    const regions = joinMaps(rows, columns, dynamic, fine);
    const folder = place[0].slice(0, place[0].lastIndexOf('/'));
    return { ...regions, ...readQ(file, folder, regions.dynamicCount) };
  } finally {
    file.close();
  }
}

function readMap(file: Hdf5File, path: string, rows: number, columns: number): Int32Array {
  const { values, shape } = file.read(path);
  if (shape.length !== 2 || shape[0] !== rows || shape[1] !== columns) {
    const text = `${path} is ${shape.join(' x ')}, the frames are ${rows} x ${columns}`;
    throw new DomainError('invalid', `the map of ${file.path} does not fit: ${text}`);
  }
  const numbers: ArrayLike<number | bigint> = values;
  return Int32Array.from(Array.from(numbers, Number));
}

function readQ(file: Hdf5File, folder: string, count: number): Pick<Regions, 'q' | 'qUnit'> {
  const path = lists
    .map((name) => `${folder}/${name}`)
    .find((each) => file.kind(each) === 'dataset');
  if (path === undefined) {
    return { q: Float64Array.from({ length: count }, (_, bin) => bin + 1), qUnit: 'pixel' };
  }
  const values: ArrayLike<number | bigint> = file.read(path).values;
  if (values.length < count) {
    const text = `${path} has ${values.length} values for ${count} bins`;
    throw new DomainError('invalid', `the map of ${file.path} does not fit: ${text}`);
  }
  const units = String(file.attribute(path, 'units') ?? '1/nm').toLowerCase();
  const factor = /ang|å|^a\^?-1|1\/a/.test(units) ? 10 : 1;
  const q = Float64Array.from(Array.from(values).slice(0, count), (each) => Number(each) * factor);
  return { q, qUnit: units.startsWith('pixel') ? 'pixel' : '1/nm' };
}
