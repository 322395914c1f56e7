import type { Hdf5Writer } from '@interpulse/formats/hdf5/hdf5-writer.ts';
import { inputFingerprint } from './input-fingerprint.ts';
import type { ScanPlan, StageTimes } from './reconstruct-scan.ts';
import type { TomographySource } from './tomography-source.ts';

/** Of this program's results; goes up when numbers change. */
const programVersion = '1.0.0';

/**
 * Writes everything of a result file but the images: NXtomoproc's groups with the parameters, the
 * axis, the input's fingerprint, the time of each stage and the peak of memory.
 */
export function describeReconstruction(
  writer: Hdf5Writer,
  source: TomographySource,
  plan: ScanPlan,
  times: StageTimes,
): void {
  const { slicePlan } = plan;
  writer.attributes('/', { default: 'entry', NX_class: 'NXroot' });
  writer.group('/entry', { NX_class: 'NXentry', default: 'reconstruction' });
  writer.dataset('/entry/definition', 'NXtomoproc');
  writer.dataset('/entry/title', source.title ?? 'Tomographic reconstruction');
  writer.dataset('/entry/end_time', new Date().toISOString());
  writer.group('/entry/reconstruction', {
    NX_class: 'NXdata',
    signal: 'data',
    axes: ['slice', 'row', 'column'],
    interpretation: 'image',
  });
  writer.attributes('/entry/reconstruction/data', {
    units: '1/pixel',
    long_name: 'linear absorption',
  });
  const slices = Int32Array.from({ length: plan.slices }, (_, i) => plan.firstSlice + i);
  const pixels = Int32Array.from({ length: slicePlan.columns }, (_, i) => i);
  writer.dataset('/entry/reconstruction/slice', slices);
  writer.dataset('/entry/reconstruction/row', pixels);
  writer.dataset('/entry/reconstruction/column', pixels);
  writer.dataset('/entry/reconstruction/center', plan.center.centerColumn, {
    attributes: { units: 'pixels', method: plan.center.method, long_name: 'rotation axis' },
  });
  writer.group('/entry/process', { NX_class: 'NXprocess' });
  writer.dataset('/entry/process/program', 'interpulse tomo');
  writer.dataset('/entry/process/version', programVersion);
  writer.dataset('/entry/process/algorithm', 'gridrec');
  writer.dataset('/entry/process/date', new Date().toISOString());
  writer.group('/entry/process/parameters', {
    NX_class: 'NXparameters',
    filter: slicePlan.filter,
    cutoff_cycles_per_pixel: slicePlan.filterShape?.cutoffCyclesPerPixel ?? 0.5,
    filter_order: slicePlan.filterShape?.order ?? 8,
    ring_removal: slicePlan.rings,
    padding: slicePlan.padding,
    beyond_edge: slicePlan.beyondEdge,
    rounding: slicePlan.rounding,
    values: slicePlan.values,
    projections: slicePlan.anglesRadians.length,
  });
  writer.group('/entry/process/input', {
    NX_class: 'NXnote',
    ...inputFingerprint(source.path),
  });
  writer.group('/entry/process/performance', {
    NX_class: 'NXcollection',
    threads: plan.threads,
    center_seconds: times.centerMilliseconds / 1000,
    read_seconds: times.readMilliseconds / 1000,
    reconstruct_seconds: times.reconstructMilliseconds / 1000,
    peak_memory_bytes: process.resourceUsage().maxRSS * 1024,
  });
}
