import { readFileSync } from 'node:fs';

/** An array as numpy saved it, row-major. */
export interface NpyArray {
  shape: number[];
  data: Float32Array | Float64Array | Int32Array;
}

/**
 * Reads a `.npy` file of little-endian float32, float64 or int32 in C order.
 *
 * @throws Error when the file holds anything else.
 */
export function readNpy(path: string): NpyArray {
  const bytes = readFileSync(path);
  const headerBytes = bytes[6] === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  const start = (bytes[6] === 1 ? 10 : 12) + headerBytes;
  const header = bytes.toString('latin1', 10, start);
  const type = /'descr': '([^']+)'/.exec(header)?.[1];
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1];
  if (shape === undefined || !header.includes("'fortran_order': False")) {
    throw new Error(`${path}: only arrays in C order are read; its header is ${header.trim()}.`);
  }
  const payload = bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length);
  const data =
    type === '<f4'
      ? new Float32Array(payload)
      : type === '<f8'
        ? new Float64Array(payload)
        : type === '<i4'
          ? new Int32Array(payload)
          : undefined;
  if (data === undefined) throw new Error(`${path}: the type ${type} is not read.`);
  return {
    shape: shape
      .split(',')
      .filter((side) => side.trim() !== '')
      .map(Number),
    data,
  };
}
