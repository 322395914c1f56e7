import { openHdf5 } from '@interpulse/formats/hdf5/open-hdf5.ts';
import type { Hdf5File } from '@interpulse/formats/hdf5/hdf5-file.ts';
import { findSeriesDataset } from '@interpulse/formats/image-series/find-series-dataset.ts';
import { rotationAxis } from '@interpulse/formats/image-series/rotation-axis.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { evenAngles, requireAngles, toRadians } from './projection-angles.ts';
import { meanOfFrames, toSinograms, type TomographySource } from './tomography-source.ts';

/** Frames of one kind: which ones of which dataset [frames, rows, columns]. */
interface FrameSet {
  path: string;
  frames: number[];
}

/** Where a file keeps its frames. */
interface Layout {
  projections: FrameSet;
  dark: FrameSet | undefined;
  flat: FrameSet | undefined;
  /** Angles of the projections; undefined when the file has none. */
  angles: Float64Array | undefined;
}

/** Values of NXtomo's image_key. */
const imageKey = { projection: 0, flat: 1, dark: 2 };
const tomoEntries = ['/entry1/tomo_entry', '/entry/tomo_entry', '/entry', '/entry1'];

/**
 * Opens a scan in an HDF5 file: DXchange (`/exchange/data`, `data_white`, `data_dark`, `theta`),
 * NXtomo (one stack with `image_key`), or a stack of any NXdata along a rotation.
 *
 * @param anglesRadians Replaces the file's own angles.
 * @throws DomainError naming the file and what it lacks.
 */
export async function openHdf5Source(
  path: string,
  anglesRadians?: Float64Array,
): Promise<TomographySource> {
  const file = await openHdf5(path);
  try {
    return describe(file, path, anglesRadians);
  } catch (error) {
    file.close();
    throw error;
  }
}

function describe(file: Hdf5File, path: string, given?: Float64Array): TomographySource {
  const layout = findLayout(file, path);
  const [, slices = 0, columns = 0] = shapeOf(file, layout.projections.path);
  const projections = layout.projections.frames.length;
  const anglesRadians = given ?? layout.angles ?? evenAngles(projections);
  requireAngles(anglesRadians, projections, path);
  const mean = (set: FrameSet | undefined, first: number, count: number, otherwise: number) => {
    if (set === undefined) return new Float64Array(count * columns).fill(otherwise);
    const { values } = file.read(set.path, [[], [first, first + count], []]);
    return meanOfFrames(values, set.frames, count * columns);
  };
  return {
    path,
    title: titleOf(file),
    slices,
    columns,
    anglesRadians,
    hasFlat: layout.flat !== undefined,
    hasDark: layout.dark !== undefined,
    readSlab(first, count, sinograms) {
      const { values } = file.read(layout.projections.path, [[], [first, first + count], []]);
      toSinograms(values, layout.projections.frames, count, columns, sinograms);
      const [dark, flat] = [mean(layout.dark, first, count, 0), mean(layout.flat, first, count, 1)];
      return { sinograms, dark, flat };
    },
    close: () => file.close(),
  };
}

function titleOf(file: Hdf5File): string | undefined {
  const names = ['/exchange/title', '/measurement/sample/name', '/entry/title', '/entry1/title'];
  return names.map((name) => file.scalar(name)).find((title) => typeof title === 'string');
}

function findLayout(file: Hdf5File, path: string): Layout {
  if (file.kind('/exchange/data') === 'dataset') return dxchange(file);
  for (const entry of tomoEntries) {
    const keys = [`${entry}/instrument/detector/image_key`, `${entry}/data/image_key`];
    const key = keys.find((each) => file.kind(each) === 'dataset');
    const data = [`${entry}/data/data`, `${entry}/instrument/detector/data`];
    const stack = data.find((each) => file.kind(each) === 'dataset');
    if (key !== undefined && stack !== undefined) return nxtomo(file, entry, stack, key);
  }
  return nxdata(file, path);
}

/** A stack whose first axis is a rotation: one picture at each angle, with no flats beside. */
function nxdata(file: Hdf5File, path: string): Layout {
  const stack = stackOf(file);
  const axis = stack === undefined ? undefined : rotationAxis(file, stack);
  if (stack === undefined || axis === undefined) {
    throw new DomainError(
      'invalid',
      `Opening ${path}: it holds neither /exchange/data (DXchange), nor a stack with image_key ` +
        '(NXtomo), nor one with an axis of rotation (NXdata).',
    );
  }
  const angles = toRadians(file.read(axis).values, unitOf(file, axis) ?? 'degrees', axis);
  const projections = { path: stack, frames: indices(angles.length) };
  return { projections, dark: undefined, flat: undefined, angles };
}

/** The stack that the file is about; undefined where it is not clear. */
function stackOf(file: Hdf5File): string | undefined {
  try {
    return findSeriesDataset(file).paths[0];
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'invalid') return undefined;
    throw error;
  }
}

function dxchange(file: Hdf5File): Layout {
  const set = (name: string): FrameSet | undefined => {
    const path = `/exchange/${name}`;
    if (file.kind(path) !== 'dataset') return undefined;
    const shape = shapeOf(file, path);
    const data = shapeOf(file, '/exchange/data');
    if (shape[0] === 0) return undefined;
    if (shape[1] !== data[1] || shape[2] !== data[2]) {
      throw new DomainError(
        'invalid',
        `Opening ${file.path}: ${path} is ${shape.join(' x ')} and /exchange/data ` +
          `${data.join(' x ')}; rows and columns must agree.`,
      );
    }
    return { path, frames: indices(shape[0]!) };
  };
  const theta = '/exchange/theta';
  const hasTheta = file.kind(theta) === 'dataset';
  return {
    projections: set('data') ?? { path: '/exchange/data', frames: [] },
    dark: set('data_dark'),
    flat: set('data_white'),
    angles: hasTheta ? toRadians(file.read(theta).values, unitOf(file, theta), theta) : undefined,
  };
}

function nxtomo(file: Hdf5File, entry: string, stack: string, key: string): Layout {
  const keys = Array.from(file.read(key).values, Number);
  const total = shapeOf(file, stack)[0]!;
  if (keys.length !== total) {
    const text = `Opening ${file.path}: ${key} has ${keys.length} values for ${total} frames.`;
    throw new DomainError('invalid', text);
  }
  const set = (wanted: number): FrameSet => ({
    path: stack,
    frames: indices(total).filter((frame) => keys[frame] === wanted),
  });
  const filled = (each: FrameSet): FrameSet | undefined =>
    each.frames.length > 0 ? each : undefined;
  const projections = set(imageKey.projection);
  const anglePaths = [`${entry}/sample/rotation_angle`, `${entry}/data/rotation_angle`];
  const path = anglePaths.find((each) => file.kind(each) === 'dataset');
  const all = path && toRadians(file.read(path).values, unitOf(file, path) ?? 'degrees', path);
  const angles =
    all !== undefined && all !== '' && all.length === total
      ? Float64Array.from(projections.frames, (frame) => all[frame]!)
      : undefined;
  const [dark, flat] = [filled(set(imageKey.dark)), filled(set(imageKey.flat))];
  return { projections, dark, flat, angles };
}

function shapeOf(file: Hdf5File, path: string): number[] {
  const shape = file.dataset(path).shape ?? [];
  if (shape.length !== 3 || shape[1] === 0 || shape[2]! < 2) {
    throw new DomainError(
      'invalid',
      `Opening ${file.path}: ${path} has the shape [${shape.join(', ')}] where ` +
        '[frames, rows, columns] is needed.',
    );
  }
  return shape;
}

function unitOf(file: Hdf5File, path: string): string | undefined {
  const unit = file.attribute(path, 'units') ?? file.attribute(path, 'unit');
  return typeof unit === 'string' ? unit : undefined;
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
