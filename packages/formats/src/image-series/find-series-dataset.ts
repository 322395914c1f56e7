import { DomainError } from '@interpulse/domain/error.ts';
import type { Hdf5File } from '../hdf5/hdf5-file.ts';
import { numericDtype } from '../hdf5/hdf5-dtype.ts';
import type { ImageSeriesLayout } from './image-series.ts';

/** Where the frames of an HDF5 file are. */
export interface SeriesDataset {
  layout: Exclude<ImageSeriesLayout, 'images'>;
  /** Paths of the datasets, [frames, rows, columns] each, that follow one another; mostly one. */
  paths: string[];
  /** The NXentry above it, or `/`. */
  entry: string;
}

/** Larger trees are not searched: the file should say what its default is. */
const maximumSearchedPaths = 20_000;

/**
 * Finds the frames of a file: DXchange's `/exchange/data`, the default signal of a NeXus file, or
 * the only dataset with three axes. A path given by the caller wins.
 *
 * @throws DomainError `invalid` when there are none, or several and nothing says which.
 */
export function findSeriesDataset(file: Hdf5File, wanted?: string): SeriesDataset {
  const nexus = nexusSignal(file);
  const entry = nexus?.entry ?? '/';
  if (wanted !== undefined) {
    if (!isStack(file, wanted)) {
      throw fault(file, `${wanted} is not a dataset of numbers with three axes`);
    }
    return { layout: nexus === undefined ? 'hdf5' : 'nexus', paths: [wanted], entry };
  }
  if (isStack(file, '/exchange/data')) {
    return { layout: 'dxchange', paths: ['/exchange/data'], entry: '/' };
  }
  if (nexus !== undefined) {
    const { entry: nexusEntry, path } = nexus;
    return { layout: 'nexus', entry: nexusEntry, paths: numberedSiblings(file, path) };
  }
  const stacks = allStacks(file);
  const [only] = stacks;
  if (only !== undefined && stacks.length === 1)
    return { layout: 'hdf5', paths: [only], entry: '/' };
  if (only === undefined) {
    throw fault(file, 'it holds no dataset of numbers with three axes (frames, rows, columns)');
  }
  const names = stacks.slice(0, 5).join(', ');
  throw fault(file, `it holds ${stacks.length} stacks (${names}) and names no default; name one`);
}

function nexusSignal(file: Hdf5File): { path: string; entry: string } | undefined {
  for (const entry of byDefault(file, '/', 'NXentry')) {
    for (const data of byDefault(file, entry, 'NXdata')) {
      const signal = file.attribute(data, 'signal');
      const names = typeof signal === 'string' ? [signal] : file.children(data);
      const paths = names.map((name) => `${data}/${name}`);
      const marked = paths.find((path) => isStack(file, path) && isMarked(file, path));
      const found = marked ?? paths.find((path) => isStack(file, path));
      if (found !== undefined) return { path: found, entry };
    }
    if (isStack(file, `${entry}/data/data`)) return { path: `${entry}/data/data`, entry };
  }
  return isStack(file, '/entry/data/data')
    ? { path: '/entry/data/data', entry: '/entry' }
    : undefined;
}

/**
 * Eiger's master files link to data_000001, data_000002, ... in files of their own; together they
 * are the series. One that is missing is an error, for a shorter series would look complete.
 */
function numberedSiblings(file: Hdf5File, path: string): string[] {
  const numbered = /^(.*\/data_)\d+$/.exec(path);
  if (numbered === null) return [path];
  const stem = numbered[1] ?? '';
  const group = path.slice(0, path.lastIndexOf('/'));
  const paths = file
    .children(group)
    .map((name) => `${group}/${name}`)
    .filter((each) => each.startsWith(stem) && /^\d+$/.test(each.slice(stem.length)))
    .toSorted((a, b) => Number(a.slice(stem.length)) - Number(b.slice(stem.length)));
  const shapeOf = (each: string): string => (file.dataset(each).shape ?? []).slice(1).join(' x ');
  for (const each of paths) {
    if (!isStack(file, each)) {
      throw fault(file, `${each} cannot be read; copy the file it links to beside this one`);
    }
    if (shapeOf(each) !== shapeOf(path)) {
      throw fault(file, `the frames of ${each} are ${shapeOf(each)}, others ${shapeOf(path)}`);
    }
  }
  return paths;
}

/** Before 2014 the signal was marked on the dataset itself. */
function isMarked(file: Hdf5File, path: string): boolean {
  const mark = file.attribute(path, 'signal');
  return mark === 1 || mark === 1n || mark === '1';
}

/** The groups of a class in a group: the one named by `default` first, subentries last. */
function byDefault(file: Hdf5File, parent: string, wantedClass: string): string[] {
  const prefix = parent === '/' ? '' : parent;
  const groups = file
    .children(parent)
    .map((name) => `${prefix}/${name}`)
    .filter((path) => file.kind(path) === 'group');
  const ofClass = (path: string, name: string): boolean =>
    file.attribute(path, 'NX_class') === name;
  const found = groups.filter((path) => ofClass(path, wantedClass));
  const named = `${prefix}/${String(file.attribute(parent, 'default'))}`;
  const ordered = found.toSorted((a, b) => Number(b === named) - Number(a === named));
  if (wantedClass !== 'NXdata') return ordered;
  const inner = groups.filter((path) => ofClass(path, 'NXsubentry'));
  return [...ordered, ...inner.flatMap((path) => byDefault(file, path, 'NXdata'))];
}

function isStack(file: Hdf5File, path: string): boolean {
  if (file.kind(path) !== 'dataset') return false;
  const { shape, dtype } = file.dataset(path);
  return shape?.length === 3 && !shape.includes(0) && numericDtype(dtype) !== undefined;
}

function allStacks(file: Hdf5File): string[] {
  const paths = file.paths();
  if (paths.length > maximumSearchedPaths) return [];
  return paths.filter((path) => isStack(file, path));
}

function fault(file: Hdf5File, why: string): DomainError {
  return new DomainError('invalid', `cannot read frames of ${file.path}: ${why}`);
}
