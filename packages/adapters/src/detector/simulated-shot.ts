import { createSpeckle, diffusiveRates } from '@interpulse/analysis/simulation/speckle.ts';
import type { Hdf5Writer } from '@interpulse/formats/hdf5/hdf5-writer.ts';
import { writeHdf5 } from '@interpulse/formats/hdf5/write-hdf5.ts';

/** The sample and the detector that are simulated. */
export interface SimulatedXpcsSettings {
  seed: number;
  rows: number;
  columns: number;
  frames: number;
  /** Decay rate per frame at the edge of the largest circle, before it drifts. */
  gammaPerFrame: number;
  /** The rate swings by this factor up and down from shot to shot; 1 keeps it. */
  driftFactor: number;
  /** Shots in which the rate swings once up and down. */
  driftPeriodShots: number;
  framePeriodSeconds: number;
  /** Mean counts per pixel and frame close to the beam. */
  peakCounts: number;
  speckleSizePixels: number;
}

/** One shot to be written. */
export interface SimulatedShot {
  path: string;
  shotNumber: number;
  /** ISO 8601. */
  startedAt: string;
}

const pixelSizeMetres = 75e-6;
const distanceMetres = 5;
const energyElectronvolts = 9000;
/** Pixels in the shadow of the beam stop, as a share of the short side. */
const beamStopShare = 0.04;

/** The decay rate at the edge that a shot is made with: the truth that its analysis should find. */
export function plantedGamma(settings: SimulatedXpcsSettings, shotNumber: number): number {
  const phase = (2 * Math.PI * shotNumber) / settings.driftPeriodShots;
  return settings.gammaPerFrame * settings.driftFactor ** Math.sin(phase);
}

/**
 * Simulates a shot of diffusing particles and writes it as a NeXus file that appears whole. The
 * planted truth lies in `/entry/simulation`. Takes a second or two of one core.
 *
 * @throws DomainError `invalid` for impossible settings, `unavailable` when it cannot be written.
 */
export async function writeSimulatedShot(
  settings: SimulatedXpcsSettings,
  shot: SimulatedShot,
): Promise<void> {
  const { rows, columns, frames } = settings;
  const center = { row: (rows - 1) / 2, column: (columns - 1) / 2 };
  const gammaAtEdge = plantedGamma(settings, shot.shotNumber);
  const speckle = createSpeckle({
    rows,
    columns,
    seed: Math.imul(settings.seed, 7919) + shot.shotNumber,
    gammaPerFrame: diffusiveRates(settings, center, gammaAtEdge),
    meanCounts: meanCounts(settings, center),
    speckleSizePixels: settings.speckleSizePixels,
  });
  const counts = new Uint16Array(frames * rows * columns);
  const frame = new Float32Array(rows * columns);
  for (let index = 0; index < frames; index += 1) {
    speckle.nextFrame(frame);
    counts.set(frame, index * frame.length);
  }
  await writeHdf5(shot.path, (writer) => {
    writer.group('/', { NX_class: 'NXroot', default: 'entry' });
    writer.group('/entry', { NX_class: 'NXentry', default: 'data' });
    writer.dataset('/entry/title', `simulated XPCS, shot ${shot.shotNumber}`);
    writer.dataset('/entry/start_time', shot.startedAt);
    writer.dataset('/entry/shot_number', Int32Array.of(shot.shotNumber), { shape: [] });
    writeInstrument(writer, settings, center, counts);
    writer.group('/entry/data', { NX_class: 'NXdata', signal: 'data', interpretation: 'image' });
    writer.softLink('/entry/data/data', '/entry/instrument/detector/data');
    writer.group('/entry/simulation', { NX_class: 'NXcollection' });
    const rate = { attributes: { units: '1/frame' } };
    writer.dataset('/entry/simulation/gamma_at_edge', gammaAtEdge, rate);
    const edge = { attributes: { units: 'pixel' } };
    writer.dataset('/entry/simulation/edge_radius', Math.min(rows, columns) / 2, edge);
    writer.dataset('/entry/simulation/contrast', 1);
    writer.dataset('/entry/simulation/seed', settings.seed);
  });
}

function writeInstrument(
  writer: Hdf5Writer,
  settings: SimulatedXpcsSettings,
  center: { row: number; column: number },
  counts: Uint16Array,
): void {
  const { rows, columns, frames } = settings;
  const detector = '/entry/instrument/detector';
  writer.group('/entry/instrument', { NX_class: 'NXinstrument' });
  writer.group(detector, { NX_class: 'NXdetector' });
  writer.dataset(`${detector}/data`, counts, {
    shape: [frames, rows, columns],
    chunks: [1, rows, columns],
    attributes: { units: 'counts' },
  });
  const quantities: [string, number, string][] = [
    ['frame_time', settings.framePeriodSeconds, 's'],
    ['count_time', settings.framePeriodSeconds, 's'],
    ['distance', distanceMetres, 'm'],
    ['x_pixel_size', pixelSizeMetres, 'm'],
    ['y_pixel_size', pixelSizeMetres, 'm'],
    ['beam_center_x', center.column, 'pixel'],
    ['beam_center_y', center.row, 'pixel'],
  ];
  for (const [name, value, units] of quantities) {
    writer.dataset(`${detector}/${name}`, value, { attributes: { units } });
  }
  writer.group('/entry/instrument/incident_beam', { NX_class: 'NXbeam' });
  const energy = { attributes: { units: 'eV' } };
  writer.dataset('/entry/instrument/incident_beam/incident_energy', energyElectronvolts, energy);
}

/** Falls off from the beam as small-angle scattering does; nothing behind the beam stop. */
function meanCounts(
  { rows, columns, peakCounts }: SimulatedXpcsSettings,
  center: { row: number; column: number },
): Float64Array {
  const side = Math.min(rows, columns);
  return Float64Array.from({ length: rows * columns }, (_, pixel) => {
    const row = Math.floor(pixel / columns) - center.row;
    const radius = Math.hypot(row, (pixel % columns) - center.column);
    if (radius < beamStopShare * side) return 0;
    return peakCounts / (1 + (radius / (0.3 * side)) ** 2);
  });
}
