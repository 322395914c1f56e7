import type { Hdf5File } from '@interpulse/formats/hdf5/hdf5-file.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';

const detector = '/entry/instrument/detector';
const volume = '/entry/reconstruction/data';

/** Names, and where the numbers and texts stand in a result file; units are those of the names. */
const scalars: Record<string, string> = {
  title: '/entry/title',
  scanNumber: '/entry/scan_number',
  startedAt: '/entry/start_time',
  analysisProgram: '/entry/process/program',
  analysisVersion: '/entry/process/version',
  framesUsed: '/entry/process/frames',
  exposureSeconds: `${detector}/count_time`,
  detectorDistanceMetres: `${detector}/distance`,
  pixelSizeMetres: `${detector}/x_pixel_size`,
  beamCenterRow: `${detector}/beam_center_y`,
  beamCenterColumn: `${detector}/beam_center_x`,
  photonEnergyElectronvolts: '/entry/instrument/incident_beam/incident_energy',
  rotationAxisPixels: '/entry/reconstruction/center',
};

/**
 * What a result file says of the measurement and of how it was analysed, for catalogs and for
 * flows: names and values, what the file does not say is left out.
 */
export function readMetadata(file: Hdf5File): JsonObject {
  const found: JsonObject = {};
  for (const [name, path] of Object.entries(scalars)) {
    if (file.kind(path) !== 'dataset') continue;
    const value = file.scalar(path);
    if (typeof value === 'string' || typeof value === 'number') found[name] = value;
    else if (typeof value === 'bigint') found[name] = Number(value);
  }
  // Without a clock in the file times are in frames.
  const period = `${detector}/frame_time`;
  if (file.kind(period) === 'dataset' && file.attribute(period, 'units') === 's') {
    found['framePeriodSeconds'] = Number(file.scalar(period));
  }
  const regions = '/entry/instrument/masks/dynamic_q_list';
  if (file.kind(regions) === 'dataset') found['regions'] = file.dataset(regions).shape?.[0] ?? 0;
  if (file.kind(volume) === 'dataset') found['slices'] = file.dataset(volume).shape?.[0] ?? 0;
  return found;
}
