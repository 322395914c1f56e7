import type { Metadata } from 'h5wasm/node';

/** A typed array of any numeric dtype that HDF5 files hold and JavaScript can. */
export type NumericArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** The numeric dtypes, under the names that NumPy gives them. */
export const numericDtypes = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
] as const;

/** One of {@link numericDtypes}. */
export type NumericDtype = (typeof numericDtypes)[number];

/** What a dataset or attribute holds; only numeric ones, `bool` and `string` can be read. */
export type Hdf5Dtype =
  | NumericDtype
  | 'bool'
  | 'string'
  | 'enum'
  | 'compound'
  | 'array'
  | 'vlen'
  | 'reference'
  | 'opaque'
  | 'bitfield'
  | 'time'
  | 'float16'
  | 'float128'
  | 'unknown';

/** HDF5's own numbers of the type classes (H5T_class_t), which files and H5Web both use. */
export const typeClass = {
  integer: 0,
  float: 1,
  time: 2,
  string: 3,
  bitfield: 4,
  opaque: 5,
  compound: 6,
  reference: 7,
  enum: 8,
  vlen: 9,
  array: 10,
} as const;

const otherClasses: Record<number, Hdf5Dtype> = {
  [typeClass.time]: 'time',
  [typeClass.string]: 'string',
  [typeClass.bitfield]: 'bitfield',
  [typeClass.opaque]: 'opaque',
  [typeClass.compound]: 'compound',
  [typeClass.reference]: 'reference',
  [typeClass.vlen]: 'vlen',
  [typeClass.array]: 'array',
};

/** The dtype of a dataset or attribute, from the library's description of its type. */
export function hdf5Dtype(metadata: Metadata): Hdf5Dtype {
  const bits = metadata.size * 8;
  if (metadata.type === typeClass.integer) {
    return numericDtype(`${metadata.signed ? 'int' : 'uint'}${bits}`) ?? 'unknown';
  }
  if (metadata.type === typeClass.float) {
    if (metadata.size === 2) return 'float16';
    return numericDtype(`float${bits}`) ?? 'float128';
  }
  if (metadata.type === typeClass.enum) {
    const members = metadata.enum_type?.members ?? {};
    const isBool = Object.keys(members).length === 2 && members.FALSE === 0 && members.TRUE === 1;
    return isBool ? 'bool' : 'enum';
  }
  return otherClasses[metadata.type] ?? 'unknown';
}

/** The name as a numeric dtype, or undefined. */
export function numericDtype(name: string): NumericDtype | undefined {
  return numericDtypes.find((each) => each === name);
}

/** The dtype of the elements of a typed array. */
export function dtypeOfArray(values: NumericArray): NumericDtype {
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof Float64Array) return 'float64';
  if (values instanceof Uint16Array) return 'uint16';
  if (values instanceof Int16Array) return 'int16';
  if (values instanceof Uint32Array) return 'uint32';
  if (values instanceof Int32Array) return 'int32';
  if (values instanceof Uint8Array) return 'uint8';
  if (values instanceof Int8Array) return 'int8';
  return values instanceof BigInt64Array ? 'int64' : 'uint64';
}

/** The library's codes (little-endian, after Python's `struct`). */
export const dtypeCodes: Record<NumericDtype, string> = {
  int8: '<b',
  uint8: '<B',
  int16: '<h',
  uint16: '<H',
  int32: '<i',
  uint32: '<I',
  int64: '<q',
  uint64: '<Q',
  float32: '<f',
  float64: '<d',
};
