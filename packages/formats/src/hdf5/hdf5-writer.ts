import type { Dataset, File, Group } from 'h5wasm/node';
import { DomainError } from '@interpulse/domain/error.ts';
import type { NumericArray, NumericDtype } from './hdf5-dtype.ts';
import { dtypeCodes, dtypeOfArray } from './hdf5-dtype.ts';

/** What can be written as an attribute; whole numbers become int32 where they fit, else float64. */
export type Hdf5AttributeInput = string | string[] | number | number[] | NumericArray;

/** How a dataset is laid out. */
export interface Hdf5DatasetOptions {
  /** Defaults to one axis. */
  shape?: number[];
  /** Needed for compression; defaults to one chunk for each index of the first axis then. */
  chunks?: number[];
  /** 1 (fast) to 9 (small); not compressed when left out. */
  gzipLevel?: number;
  attributes?: Record<string, Hdf5AttributeInput>;
}

/** A dataset that is too large for memory, written along its first axis. */
export interface Hdf5PartsWriter {
  /** Adds whole indices of the first axis. */
  append(values: NumericArray): void;
}

/** Larger datasets are passed to the library in parts, whose memory ends at 2 GiB. */
const wholeWriteBytes = 128 << 20;

/** Builds a file for `writeHdf5`. Paths are absolute; groups on the way are made as needed. */
export class Hdf5Writer {
  readonly #file: File;

  constructor(file: File) {
    this.#file = file;
  }

  /** Makes a group, or adds attributes to one. */
  group(path: string, attributes: Record<string, Hdf5AttributeInput> = {}): void {
    writeAttributes(this.#groupAt(path), attributes);
  }

  /** Adds attributes to a group or dataset. */
  attributes(path: string, attributes: Record<string, Hdf5AttributeInput>): void {
    const entity = this.#file.get(path);
    if (entity === null || !('create_attribute' in entity)) {
      throw new DomainError('notFound', `cannot add attributes: nothing was written at ${path}`);
    }
    writeAttributes(entity, attributes);
  }

  /** Writes a string or number (float64 scalar), strings, or an array of any shape. */
  dataset(
    path: string,
    values: string | string[] | number | NumericArray,
    options: Hdf5DatasetOptions = {},
  ): void {
    const [group, name] = this.#parent(path);
    if (typeof values === 'string' || typeof values === 'number') {
      const dtype = typeof values === 'string' ? 'S' : dtypeCodes.float64;
      const created = group.create_dataset({ name, data: values, shape: [], dtype });
      writeAttributes(created, options.attributes ?? {});
      return;
    }
    if (Array.isArray(values)) {
      const shape = options.shape ?? [values.length];
      const created = group.create_dataset({ name, data: values, shape, dtype: 'S' });
      writeAttributes(created, options.attributes ?? {});
      return;
    }
    this.#numbers(path, values, options);
  }

  /** Starts a dataset of a known final shape that is then filled by `append`. */
  datasetInParts(
    path: string,
    options: Hdf5DatasetOptions & { shape: number[]; dtype: NumericDtype },
  ): Hdf5PartsWriter {
    const [group, name] = this.#parent(path);
    const inner = options.shape.slice(1).reduce((product, size) => product * size, 1);
    let dataset: Dataset | undefined;
    let written = 0;
    const append = (values: NumericArray): void => {
      const count = values.length / inner;
      const end = written + count;
      if (!Number.isInteger(count) || end > (options.shape[0] ?? 0)) {
        throw new DomainError('invalid', `${path}: a part of ${values.length} values does not fit`);
      }
      const shape = [end, ...options.shape.slice(1)];
      if (dataset === undefined) {
        const layout = { ...creation(options), maxshape: options.shape };
        const dtype = dtypeCodes[options.dtype];
        dataset = group.create_dataset({ name, data: values, shape, dtype, ...layout });
        writeAttributes(dataset, options.attributes ?? {});
      } else {
        dataset.resize(shape);
        // The library's own refresh() leaks a handle, which would keep the file from closing.
        dataset = group.get(name) as Dataset;
        dataset.write_slice([[written, end]], values);
      }
      written = end;
    };
    return { append };
  }

  /** Makes a link at `path` to the absolute path `target`, which may be written later. */
  softLink(path: string, target: string): void {
    const [group, name] = this.#parent(path);
    group.create_soft_link(target, name);
  }

  #numbers(path: string, values: NumericArray, options: Hdf5DatasetOptions): void {
    const shape = options.shape ?? [values.length];
    const total = shape.reduce((product, size) => product * size, 1);
    if (total !== values.length) {
      const text = `${path}: ${values.length} values do not fill the shape ${shape.join(' x ')}`;
      throw new DomainError('invalid', text);
    }
    const dtype = dtypeOfArray(values);
    if (values.byteLength > wholeWriteBytes && shape.length > 0) {
      const parts = this.datasetInParts(path, { ...options, shape, dtype });
      const inner = total / (shape[0] ?? 1);
      const step = Math.max(1, Math.floor(wholeWriteBytes / values.BYTES_PER_ELEMENT / inner));
      for (let first = 0; first < total; first += step * inner) {
        parts.append(values.subarray(first, Math.min(total, first + step * inner)));
      }
      return;
    }
    const [group, name] = this.#parent(path);
    const chunked = options.chunks !== undefined || options.gzipLevel !== undefined;
    const layout = chunked && total > 0 ? creation({ ...options, shape }) : {};
    const code = dtypeCodes[dtype];
    const created = group.create_dataset({ name, data: values, shape, dtype: code, ...layout });
    writeAttributes(created, options.attributes ?? {});
  }

  #parent(path: string): [Group, string] {
    const cut = path.lastIndexOf('/');
    return [this.#groupAt(path.slice(0, cut)), path.slice(cut + 1)];
  }

  #groupAt(path: string): Group {
    let group: Group = this.#file;
    for (const name of path.split('/').filter((part) => part !== '')) {
      group = (group.keys().includes(name) ? group.get(name) : group.create_group(name)) as Group;
    }
    return group;
  }
}

function creation(options: Hdf5DatasetOptions & { shape: number[] }): {
  chunks: number[];
  compression?: 'gzip';
  compression_opts?: number;
} {
  const wanted = options.chunks ?? [1, ...options.shape.slice(1)];
  const chunks = wanted.map((size, axis) => Math.max(1, Math.min(size, options.shape[axis] ?? 1)));
  if (options.gzipLevel === undefined) return { chunks };
  return { chunks, compression: 'gzip', compression_opts: options.gzipLevel };
}

function writeAttributes(
  entity: Pick<Group, 'create_attribute'>,
  attributes: Record<string, Hdf5AttributeInput>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') entity.create_attribute(name, value, [], 'S');
    else if (typeof value === 'number') {
      entity.create_attribute(name, value, [], numberCode([value]));
    } else if (ArrayBuffer.isView(value)) {
      entity.create_attribute(name, value, [value.length], dtypeCodes[dtypeOfArray(value)]);
    } else if (value.every((each) => typeof each === 'number')) {
      entity.create_attribute(name, value, [value.length], numberCode(value));
    } else entity.create_attribute(name, value, [value.length], 'S');
  }
}

function numberCode(values: number[]): string {
  return values.every((value) => Object.is(value | 0, value))
    ? dtypeCodes.int32
    : dtypeCodes.float64;
}
