import { DomainError } from '@interpulse/domain/error.ts';
import type { Hdf5AttributeValue, Hdf5File } from './hdf5-file.ts';
import type { Hdf5Dtype } from './hdf5-dtype.ts';
import { numericDtype } from './hdf5-dtype.ts';
import { parseSelection } from './parse-selection.ts';

/** Raw bytes of a selection: little-endian, row-major. */
export interface EntityBytes {
  dtype: Hdf5Dtype;
  shape: number[];
  bytes: Uint8Array;
}

/**
 * The bytes of a selection of a numeric dataset, as `GET {base}/data?format=bin` of the h5grove
 * protocol answers them.
 *
 * @throws DomainError `invalid` for other datasets (ask for JSON); `exhausted` when the selection
 * holds more than `maximumBytes`.
 */
export function readEntityBytes(
  file: Hdf5File,
  path: string,
  selection: string | undefined,
  maximumBytes: number,
): EntityBytes {
  const info = file.dataset(path);
  const { ranges, shape } = parseSelection(selection, info.shape ?? []);
  checkSize(path, shape, file.typeMetadata(path).size, maximumBytes);
  const { values, dtype } = file.read(path, ranges);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { dtype, shape, bytes };
}

/**
 * The values of a selection as plain JSON, flattened (a scalar by itself): NaN and infinities
 * become null, 64-bit integers the nearest number. Datasets that do not hold numbers are
 * selected after reading.
 *
 * @throws DomainError as {@link readEntityBytes}.
 */
export function readEntityJson(
  file: Hdf5File,
  path: string,
  selection: string | undefined,
  maximumBytes: number,
): unknown {
  const info = file.dataset(path);
  if (info.shape === null) return null;
  const isNumeric = numericDtype(info.dtype) !== undefined;
  const { ranges, shape } = parseSelection(selection, info.shape);
  if (isNumeric || info.dtype === 'bool' || info.dtype === 'enum') {
    checkSize(path, shape, file.typeMetadata(path).size, maximumBytes);
    const { values } = file.read(path, ranges);
    const plain = jsonSafe(values) as unknown[];
    return shape.length === 0 ? plain[0] : plain;
  }
  checkSize(path, info.shape, file.typeMetadata(path).size, maximumBytes);
  const everything = jsonSafe(file.readJson(path));
  if (info.shape.length === 0 || !Array.isArray(everything)) return everything;
  const steps = ranges.map(([start = 0, stop = 0, step = 1]) => ({ start, stop, step }));
  const chosen = pick(everything, info.shape, steps);
  return shape.length === 0 ? chosen[0] : chosen;
}

/** The values of all attributes of an entity, JSON-safe. Throws DomainError `notFound`. */
export function readEntityAttributes(file: Hdf5File, path: string): Record<string, unknown> {
  const kind = file.kind(path);
  if (kind !== undefined && kind !== 'group' && kind !== 'dataset') return {};
  const attributes: Record<string, Hdf5AttributeValue> = file.attributes(path);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, jsonSafe(value)]),
  );
}

/** A copy of a value that `JSON.stringify` takes as it is. */
export function jsonSafe(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (ArrayBuffer.isView(value))
    return Array.from(value as unknown as ArrayLike<unknown>, jsonSafe);
  if (Array.isArray(value)) return value.map(jsonSafe);
  if (typeof value === 'object' && value !== null) return null;
  return value;
}

function checkSize(path: string, shape: number[], size: number, maximumBytes: number): void {
  const bytes = shape.reduce((product, each) => product * each, size);
  if (bytes <= maximumBytes) return;
  const text = `the selection of ${path} holds ${bytes} bytes, above ${maximumBytes}; select less`;
  throw new DomainError('exhausted', text);
}

interface Steps {
  start: number;
  stop: number;
  step: number;
}

/** `flat` holds all elements of `shape`, row-major; gives those of the steps along each axis. */
function pick(flat: unknown[], shape: number[], steps: Steps[]): unknown[] {
  let offsets = [0];
  shape.forEach((size, axis) => {
    const { start, stop, step } = steps[axis] ?? { start: 0, stop: size, step: 1 };
    const next: number[] = [];
    for (const offset of offsets) {
      for (let index = start; index < stop; index += step) next.push(offset * size + index);
    }
    offsets = next;
  });
  return offsets.map((offset) => flat[offset]);
}
