import type { Dataset, Entity, File, Group, Metadata } from 'h5wasm/node';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Hdf5Library } from './hdf5-library.ts';
import type { Hdf5Dtype, NumericArray } from './hdf5-dtype.ts';
import { hdf5Dtype, numericDtype } from './hdf5-dtype.ts';

/** What stands at a path. Soft links that lead somewhere count as what they lead to. */
export type Hdf5Kind = 'group' | 'dataset' | 'datatype' | 'softLink' | 'externalLink';

/** `[start, stop]`, stop not included, or `[start, stop, step]`; `[]` takes the whole axis. */
export type Hdf5Range = [] | [number, number] | [number, number, number];

/** A dataset's description, read without reading its values. */
export interface Hdf5DatasetInfo {
  path: string;
  /** Empty for a scalar; null for a dataset without a value (H5S_NULL). */
  shape: number[] | null;
  dtype: Hdf5Dtype;
  chunks: number[] | null;
  filters: { id: number; name: string }[];
}

/** Values of a dataset (or of a part of it), row-major. */
export interface Hdf5Values {
  shape: number[];
  dtype: Hdf5Dtype;
  values: NumericArray;
}

/** What an attribute holds, in the nearest JavaScript value. */
export type Hdf5AttributeValue =
  string | number | bigint | boolean | null | string[] | NumericArray | unknown[];

/** An HDF5 file open for reading; made by `openHdf5`. Paths are absolute, such as `/entry/data`. */
export class Hdf5File {
  readonly path: string;
  readonly #file: File;
  readonly #library: Hdf5Library;
  /** Paths known to be groups. */
  readonly #groups = new Set<string>();
  #open = true;

  constructor(path: string, file: File, library: Hdf5Library) {
    this.path = path;
    this.#file = file;
    this.#library = library;
  }

  /** What stands at a path, or undefined when nothing does. */
  kind(path: string): Hdf5Kind | undefined {
    const entity = this.#find(path);
    if (entity === null) return undefined;
    if (entity instanceof this.#library.Group) return 'group';
    if (entity instanceof this.#library.Dataset) return 'dataset';
    if (entity instanceof this.#library.BrokenSoftLink) return 'softLink';
    if (entity instanceof this.#library.ExternalLink) return 'externalLink';
    return 'datatype';
  }

  /** Where a link that leads nowhere, or into another file, points. */
  linkTarget(path: string): { file: string | null; path: string } {
    const entity = this.#find(path);
    if (entity instanceof this.#library.BrokenSoftLink) return { file: null, path: entity.target };
    if (entity instanceof this.#library.ExternalLink) {
      return { file: entity.filename, path: entity.obj_path };
    }
    throw this.#error('invalid', path, 'is not a link');
  }

  /** The names in a group. Throws DomainError `notFound`, or `invalid` when it is not a group. */
  children(path: string): string[] {
    return this.#group(path).keys();
  }

  /** Every path below a group, as absolute paths; links are listed and not followed. */
  paths(below = '/'): string[] {
    const prefix = below === '/' ? '' : below.replace(/\/+$/, '');
    return this.#group(below)
      .paths()
      .map((path) => `${prefix}/${path}`);
  }

  /** The attributes of a group or dataset. Throws DomainError `notFound`. */
  attributes(path: string): Record<string, Hdf5AttributeValue> {
    const names = this.attributeTypes(path).map(({ name }) => name);
    return Object.fromEntries(names.map((name) => [name, this.attribute(path, name) ?? null]));
  }

  /** One attribute, or undefined when there is none of that name. */
  attribute(path: string, name: string): Hdf5AttributeValue | undefined {
    const entity = this.#withAttributes(path);
    const attribute = entity.attrs[name];
    if (attribute === undefined) return undefined;
    return this.#try(`${path}@${name}`, () => attribute.value) as Hdf5AttributeValue;
  }

  /** Names and types of attributes, without their values. */
  attributeTypes(path: string): { name: string; metadata: Metadata }[] {
    const entity = this.#withAttributes(path);
    return Object.entries(entity.attrs).map(([name, { metadata }]) => ({ name, metadata }));
  }

  /** Describes a dataset. Throws DomainError `notFound`, or `invalid` when it is not a dataset. */
  dataset(path: string): Hdf5DatasetInfo {
    const dataset = this.#dataset(path);
    const { shape, chunks } = dataset.metadata;
    const dtype = hdf5Dtype(dataset.metadata);
    const filters = dataset.filters.map(({ id, name }) => ({ id, name }));
    return { path, shape, dtype, chunks, filters };
  }

  /** The library's own description of a dataset's or named type's type. */
  typeMetadata(path: string): Metadata {
    const entity = this.#find(path);
    if (entity instanceof this.#library.Datatype) return entity.metadata;
    return this.#dataset(path).metadata;
  }

  /**
   * Reads numbers: the whole dataset, or one range per axis (axes left out are read whole).
   * Booleans and enumerations come as their integers.
   *
   * @throws DomainError `notFound` without such a dataset; `invalid` when it does not hold numbers,
   * a range leaves its axis, a compression filter is missing, or the bytes are damaged.
   */
  read(path: string, ranges: Hdf5Range[] = []): Hdf5Values {
    const dataset = this.#dataset(path);
    const dtype = hdf5Dtype(dataset.metadata);
    const isEnum = dtype === 'bool' || dtype === 'enum';
    if (numericDtype(dtype) === undefined && !isEnum) {
      throw this.#error('invalid', path, `holds ${dtype}, not numbers that can be read`);
    }
    const whole = dataset.shape;
    if (whole === null) throw this.#error('invalid', path, 'holds no value');
    const shape = this.#selectedShape(path, whole, ranges);
    if (shape.includes(0)) return { shape, dtype, values: new Float64Array(0) };
    const raw = this.#try(path, () => (whole.length === 0 ? dataset.value : dataset.slice(ranges)));
    return { shape, dtype, values: this.#asArray(path, raw) };
  }

  /** One string or number, or undefined when the path does not exist or holds something else. */
  scalar(path: string): string | number | undefined {
    if (this.kind(path) !== 'dataset') return undefined;
    const dtype = hdf5Dtype(this.#dataset(path).metadata);
    if (dtype !== 'string' && numericDtype(dtype) === undefined) return undefined;
    const shape = this.#dataset(path).shape ?? [0];
    if (shape.reduce((product, size) => product * size, 1) !== 1) return undefined;
    const raw = this.#try(path, () => this.#dataset(path).value);
    const value = typeof raw === 'object' ? (raw as ArrayLike<unknown> | null)?.[0] : raw;
    if (typeof value === 'bigint') return Number(value);
    return typeof value === 'string' || typeof value === 'number' ? value : undefined;
  }

  /** All values of a dataset that holds strings, compounds and so on, JSON-safe and nested. */
  readJson(path: string): unknown {
    const dtype = hdf5Dtype(this.#dataset(path).metadata);
    if (dtype === 'float16' || dtype === 'float128' || dtype === 'unknown') {
      throw this.#error('invalid', path, `holds ${dtype}, which cannot be read`);
    }
    return this.#try(path, () => this.#dataset(path).json_value);
  }

  /** Closes the file; further calls are programming errors. */
  close(): void {
    if (this.#open) this.#file.close();
    this.#open = false;
  }

  #find(path: string): Entity | null {
    if (!this.#open) throw new Error(`${this.path} is closed`);
    const names = path.split('/').filter((name) => name !== '');
    const last = names.pop();
    if (last === undefined) return this.#file;
    // Asked for something below a dataset, the library would throw and leak a handle.
    let parent = '';
    for (const name of names) {
      parent = `${parent}/${name}`;
      if (this.#groups.has(parent)) continue;
      if (!(this.#get(parent) instanceof this.#library.Group)) return null;
      this.#groups.add(parent);
    }
    return this.#get(`${parent}/${last}`);
  }

  #get(path: string): Entity | null {
    try {
      return this.#file.get(path);
    } catch {
      return null;
    }
  }

  #group(path: string): Group {
    const entity = this.#find(path);
    if (entity instanceof this.#library.Group) return entity;
    throw this.#missing(path, entity, 'group');
  }

  #dataset(path: string): Dataset {
    const entity = this.#find(path);
    if (entity instanceof this.#library.Dataset) return entity;
    throw this.#missing(path, entity, 'dataset');
  }

  #withAttributes(path: string): Group | Dataset {
    const entity = this.#find(path);
    if (entity instanceof this.#library.Dataset) return entity;
    if (entity instanceof this.#library.Group) return entity;
    throw this.#missing(path, entity, 'group or dataset');
  }

  #missing(path: string, entity: Entity | null, wanted: string): DomainError {
    if (entity === null) return this.#error('notFound', path, 'is not a valid path');
    if (entity instanceof this.#library.BrokenSoftLink) {
      return this.#error('notFound', path, `Cannot resolve the soft link to ${entity.target}`);
    }
    if (entity instanceof this.#library.ExternalLink) {
      const target = `${entity.filename}:${entity.obj_path}`;
      return this.#error('notFound', path, `is a link to another file, ${target}; open that one`);
    }
    return this.#error('invalid', path, `is not a ${wanted}`);
  }

  #selectedShape(path: string, shape: number[], ranges: Hdf5Range[]): number[] {
    if (ranges.length > shape.length) {
      throw this.#error('invalid', path, `has ${shape.length} axes, not ${ranges.length}`);
    }
    return shape.map((size, axis) => {
      const [start = 0, stop = size, step = 1] = ranges[axis] ?? [];
      const whole = [start, stop, step].every(Number.isInteger);
      if (!whole || start < 0 || stop > size || start > stop || step < 1) {
        const range = `${start}:${stop}:${step}`;
        throw this.#error('invalid', path, `axis ${axis} has ${size} values; not ${range}`);
      }
      return Math.ceil((stop - start) / step);
    });
  }

  #asArray(path: string, raw: unknown): NumericArray {
    if (typeof raw === 'number') return new Float64Array([raw]);
    if (typeof raw === 'bigint') return new BigInt64Array([raw]);
    if (ArrayBuffer.isView(raw)) return raw as NumericArray;
    throw this.#error('invalid', path, 'could not be read as numbers');
  }

  #try<T>(path: string, action: () => T): T {
    try {
      return action();
    } catch (cause) {
      const text = cause instanceof Error ? cause.message : String(cause);
      const isFilter = /required filter|filter .* is not registered|can't open plugin/i.test(text);
      const why = isFilter
        ? 'is compressed with a filter that is not installed'
        : 'cannot be read; the file may be damaged';
      throw this.#error('invalid', path, why, cause);
    }
  }

  #error(kind: 'invalid' | 'notFound', path: string, why: string, cause?: unknown): DomainError {
    return new DomainError(kind, `in ${this.path}: ${path} ${why}`, { cause });
  }
}
