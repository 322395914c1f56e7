import { writeHdf5 } from '@interpulse/formats/hdf5/write-hdf5.ts';
import type { Hdf5Writer } from '@interpulse/formats/hdf5/hdf5-writer.ts';
import type { ImageSeriesMetadata } from '@interpulse/formats/image-series/image-series.ts';
import type { AnalysisResult } from './analyze-series.ts';

/** What a result file says about where it comes from. */
export interface ResultProvenance {
  title: string;
  inputPath: string;
  inputSizeBytes: number;
  version: string;
  /** As given, after defaults. */
  parameters: Record<string, unknown>;
  threads: number;
  /** ISO 8601. */
  endedAt: string;
  peakMemoryBytes: number;
  metadata: ImageSeriesMetadata;
}

/**
 * Writes a result as a NeXus file after the contributed definition NXxpcs: g2 and its errors as
 * [delay, region] in `/entry/data`, maps and q in `/entry/instrument/masks`, fits in `/entry/fit`,
 * and what was done in `/entry/process`.
 *
 * @throws DomainError `unavailable` when it cannot be written.
 */
export async function writeResults(
  path: string,
  result: AnalysisResult,
  provenance: ResultProvenance,
): Promise<void> {
  await writeHdf5(path, (writer) => {
    writer.group('/', { default: 'entry', NX_class: 'NXroot', creator: 'interpulse-xpcs' });
    writer.group('/entry', { NX_class: 'NXentry', default: 'data' });
    writer.dataset('/entry/definition', 'NXxpcs');
    writer.dataset('/entry/title', provenance.title);
    writer.dataset('/entry/entry_identifier', provenance.title);
    writer.dataset('/entry/end_time', provenance.endedAt);
    const { startedAt, shotNumber } = provenance.metadata;
    if (startedAt !== undefined) writer.dataset('/entry/start_time', startedAt);
    if (shotNumber !== undefined) {
      writer.dataset('/entry/scan_number', new Int32Array([shotNumber]), { shape: [] });
    }
    writeData(writer, result);
    writeInstrument(writer, result, provenance.metadata);
    if (result.fits.length > 0) writeFit(writer, result);
    writeProcess(writer, result, provenance);
  });
}

/** [bins, delays] to [delays, bins], which NXxpcs wants. */
function byDelay(values: Float64Array, bins: number, delays: number): Float64Array {
  return values.map((_, at) => values[(at % bins) * delays + Math.floor(at / bins)]!);
}

function writeData(writer: Hdf5Writer, result: AnalysisResult): void {
  const { g2, delays, regions, framePeriod, timeUnit } = result;
  const shape = [g2.delays, g2.bins];
  const turned = (values: Float64Array): Float64Array => byDelay(values, g2.bins, g2.delays);
  writer.group('/entry/data', { NX_class: 'NXdata', signal: 'g2', axes: ['delay_time', 'q'] });
  writer.dataset('/entry/data/g2', turned(g2.g2), { shape });
  writer.dataset('/entry/data/g2_derr', turned(g2.error), { shape });
  writer.softLink('/entry/data/g2_errors', '/entry/data/g2_derr');
  writer.dataset('/entry/data/G2_unnormalized', turned(g2.unnormalized), { shape });
  writer.dataset('/entry/data/pixels_used', turned(g2.pixelsUsed), { shape });
  const frames = Int32Array.from(delays, (delay) => delay.frames);
  const levels = Int32Array.from(delays, (delay) => delay.level);
  const count = { attributes: { units: 'frames' } };
  writer.dataset('/entry/data/delay_difference', frames, count);
  writer.dataset('/entry/data/delay_level', levels);
  const seconds = Float64Array.from(delays, (delay) => delay.frames * framePeriod);
  writer.dataset('/entry/data/delay_time', seconds, { attributes: { units: timeUnit } });
  writer.softLink('/entry/data/q', '/entry/instrument/masks/dynamic_q_list');
  writer.dataset('/entry/data/frame_sum', result.frameSums);
  const image = { shape: [regions.rows, regions.columns], gzipLevel: 1 };
  writer.dataset('/entry/data/frame_average', Float32Array.from(result.frameAverage), {
    ...image,
    chunks: image.shape,
  });
}

function writeInstrument(
  writer: Hdf5Writer,
  { regions, framePeriod, timeUnit, badPixels }: AnalysisResult,
  metadata: ImageSeriesMetadata,
): void {
  const base = '/entry/instrument';
  const shape = [regions.rows, regions.columns];
  const layout = { shape, chunks: shape, gzipLevel: 4 };
  writer.group(base, { NX_class: 'NXinstrument' });
  writer.group(`${base}/masks`, { NX_class: 'NXnote' });
  writer.dataset(`${base}/masks/dynamic_roi_map`, regions.dynamicMap, layout);
  writer.dataset(`${base}/masks/static_roi_map`, regions.staticMap, layout);
  writer.dataset(`${base}/masks/bad_pixels`, badPixels, layout);
  const q = { attributes: { units: regions.qUnit } };
  writer.dataset(`${base}/masks/dynamic_q_list`, regions.q, q);
  writer.group(`${base}/detector`, { NX_class: 'NXdetector' });
  const period = { attributes: { units: timeUnit } };
  writer.dataset(`${base}/detector/frame_time`, framePeriod, period);
  const quantities: [string, number | undefined, string][] = [
    ['detector/count_time', metadata.exposureSeconds, 's'],
    ['detector/distance', metadata.detectorDistanceMetres, 'm'],
    ['detector/x_pixel_size', metadata.pixelSizeMetres, 'm'],
    ['detector/y_pixel_size', metadata.pixelSizeMetres, 'm'],
    ['detector/beam_center_x', metadata.beamCenterColumn, 'pixel'],
    ['detector/beam_center_y', metadata.beamCenterRow, 'pixel'],
    ['incident_beam/incident_energy', metadata.photonEnergyElectronvolts, 'eV'],
  ];
  for (const [name, value, units] of quantities) {
    if (value === undefined) continue;
    writer.dataset(`${base}/${name}`, value, { attributes: { units } });
  }
}

function writeFit(writer: Hdf5Writer, result: AnalysisResult): void {
  const { fits, g2, framePeriod, timeUnit, regions, rateLaw } = result;
  const base = '/entry/fit';
  writer.group(base, {
    NX_class: 'NXcollection',
    model: 'g2 = baseline + contrast * exp(-2 (rate * delay)^exponent)',
  });
  const column = (name: string, of: (fit: (typeof fits)[number]) => number, units = ''): void =>
    writer.dataset(`${base}/${name}`, Float64Array.from(fits, of), { attributes: { units } });
  column('rate', (fit) => fit.gammaPerFrame / framePeriod, `1/${timeUnit}`);
  column('rate_error', (fit) => fit.gammaPerFrameError / framePeriod, `1/${timeUnit}`);
  column('rate_per_frame', (fit) => fit.gammaPerFrame, '1/frame');
  column('contrast', (fit) => fit.contrast);
  column('contrast_error', (fit) => fit.contrastError);
  column('baseline', (fit) => fit.baseline);
  column('baseline_error', (fit) => fit.baselineError);
  column('exponent', (fit) => fit.exponent);
  column('exponent_error', (fit) => fit.exponentError);
  column('reduced_chi_squared', (fit) => fit.reducedChiSquared);
  writer.dataset(
    `${base}/status`,
    fits.map((fit) => fit.status),
  );
  const model = new Float64Array(g2.bins * g2.delays);
  fits.forEach((fit, bin) => model.set(fit.model, bin * g2.delays));
  const shape = [g2.delays, g2.bins];
  writer.dataset(`${base}/model`, byDelay(model, g2.bins, g2.delays), { shape });
  if (rateLaw === undefined) return;
  const unit = regions.qUnit === '1/nm' ? 'nm' : 'pixel';
  const units = { attributes: { units: `${unit}^2/${timeUnit}` } };
  writer.group(`${base}/rate_law`, { model: 'rate ~ q^slope; diffusion with the slope held at 2' });
  writer.dataset(`${base}/rate_law/slope`, rateLaw.slope);
  writer.dataset(`${base}/rate_law/slope_error`, rateLaw.slopeError);
  writer.dataset(`${base}/rate_law/diffusion`, rateLaw.diffusion, units);
  writer.dataset(`${base}/rate_law/diffusion_error`, rateLaw.diffusionError, units);
}

function writeProcess(
  writer: Hdf5Writer,
  result: AnalysisResult,
  provenance: ResultProvenance,
): void {
  const base = '/entry/process';
  writer.group(base, { NX_class: 'NXprocess' });
  writer.dataset(`${base}/program`, 'interpulse-xpcs');
  writer.dataset(`${base}/version`, provenance.version);
  writer.dataset(`${base}/input`, provenance.inputPath);
  writer.dataset(`${base}/input_size`, provenance.inputSizeBytes, {
    attributes: { units: 'bytes' },
  });
  writer.dataset(`${base}/parameters`, JSON.stringify(provenance.parameters));
  writer.dataset(`${base}/timings`, JSON.stringify(result.timingsSeconds), {
    attributes: { units: 's' },
  });
  writer.dataset(`${base}/frames`, result.frames);
  writer.dataset(`${base}/threads`, provenance.threads);
  writer.dataset(`${base}/storage`, result.storage);
  writer.dataset(`${base}/moved_pixels`, result.regions.movedPixels);
  writer.dataset(`${base}/peak_memory`, provenance.peakMemoryBytes, {
    attributes: { units: 'bytes' },
  });
}
