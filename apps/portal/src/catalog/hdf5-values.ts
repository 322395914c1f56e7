import { DTypeClass, type DType } from '@h5web/app';

/** A typed array of any type in which the hub sends bytes. */
export type SentArray =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

interface ByteForm {
  view: (bytes: ArrayBuffer) => SentArray;
  /** NumPy's name of the type. */
  numpy: string;
}

const integers: Record<string, ByteForm> = {
  i8: { view: (bytes) => new Int8Array(bytes), numpy: '|i1' },
  u8: { view: (bytes) => new Uint8Array(bytes), numpy: '|u1' },
  i16: { view: (bytes) => new Int16Array(bytes), numpy: '<i2' },
  u16: { view: (bytes) => new Uint16Array(bytes), numpy: '<u2' },
  i32: { view: (bytes) => new Int32Array(bytes), numpy: '<i4' },
  u32: { view: (bytes) => new Uint32Array(bytes), numpy: '<u4' },
  i64: { view: (bytes) => new BigInt64Array(bytes), numpy: '<i8' },
  u64: { view: (bytes) => new BigUint64Array(bytes), numpy: '<u8' },
};

const float32: ByteForm = { view: (bytes) => new Float32Array(bytes), numpy: '<f4' };
const float64: ByteForm = { view: (bytes) => new Float64Array(bytes), numpy: '<f8' };

/**
 * How values of a type come as little-endian bytes; null for types that come as JSON. Floats of 16
 * bits come as 32, of 128 as 64: types that JavaScript has.
 */
export function byteForm(type: DType): ByteForm | null {
  if (type.class === DTypeClass.Float) return type.size <= 32 ? float32 : float64;
  if (type.class === DTypeClass.Integer) {
    return integers[`${type.signed ? 'i' : 'u'}${type.size}`] ?? null;
  }
  const isWrapped = type.class === DTypeClass.Bool || type.class === DTypeClass.Enum;
  return isWrapped ? byteForm(type.base) : null;
}

/** Bytes as a NumPy file (format 1.0), row-major. */
export function toNumpyFile(bytes: ArrayBuffer, form: ByteForm, shape: number[]): Blob {
  const places = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const words = `{'descr': '${form.numpy}', 'fortran_order': False, 'shape': (${places}), }`;
  // Magic, version and length take 10 bytes; the data begin at a multiple of 64.
  const length = Math.ceil((words.length + 11) / 64) * 64 - 10;
  const header = new Uint8Array(10 + length);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8]);
  header.set(new TextEncoder().encode(`${words.padEnd(length - 1)}\n`), 10);
  return new Blob([header, bytes]);
}
