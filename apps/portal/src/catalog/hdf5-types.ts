import { DTypeClass, type DType, type NumericType } from '@h5web/app';

/** A type as the hub sends it, in the h5grove protocol's form. */
export interface SentType {
  /** HDF5's own number of the class (H5T_class_t). */
  class: number;
  /** Bytes. */
  size?: number;
  /** 0 little-endian, 1 big-endian. */
  order?: number;
  /** 0 unsigned, 1 signed. */
  sign?: number;
  cset?: number;
  strPad?: number;
  vlen?: boolean;
  tag?: string;
  base?: SentType;
  dims?: number[];
  members?: Record<string, number> | ({ name: string } & SentType)[];
}

const endiannesses = ['little-endian', 'big-endian', 'VAX', 'mixed', 'none'] as const;
const characterSets = ['ASCII', 'UTF-8'] as const;
const paddings = ['null-terminated', 'null-padded', 'space-padded'] as const;

/** A type in H5Web's words. */
export function readType(sent: SentType): DType {
  const endianness = endiannesses[sent.order ?? 4];
  switch (sent.class) {
    case 0:
    case 1:
      return readNumber(sent);
    case 2:
      return { class: DTypeClass.Time };
    case 3:
      return readString(sent);
    case 4:
      return { class: DTypeClass.Bitfield, endianness };
    case 5:
      return { class: DTypeClass.Opaque, tag: sent.tag ?? '' };
    case 6:
      return readCompound(sent);
    case 7:
      return { class: DTypeClass.Reference };
    case 8:
      return readEnumeration(sent);
    case 9:
      return { class: DTypeClass.VLen, base: readBase(sent) };
    case 10:
      return { class: DTypeClass.Array, base: readBase(sent), dims: sent.dims ?? [] };
    default:
      return { class: DTypeClass.Unknown };
  }
}

function readBase(sent: SentType): DType {
  return sent.base === undefined ? { class: DTypeClass.Unknown } : readType(sent.base);
}

/** H5Web counts the size of numbers in bits. */
function readNumber(sent: SentType): NumericType {
  const size = (sent.size ?? 4) * 8;
  const endianness = endiannesses[sent.order ?? 0];
  if (sent.class === 1) return { class: DTypeClass.Float, size, endianness };
  return { class: DTypeClass.Integer, signed: sent.sign === 1, size, endianness };
}

function readString(sent: SentType): DType {
  return {
    class: DTypeClass.String,
    charSet: characterSets[sent.cset ?? 0],
    strPad: paddings[sent.strPad ?? 0],
    ...(sent.vlen === true || sent.size === undefined ? {} : { length: sent.size }),
  };
}

/** A compound of `r` and `i` is a complex number, as h5py writes it. */
function readCompound(sent: SentType): DType {
  const members = Array.isArray(sent.members) ? sent.members : [];
  const fields = new Map(members.map((member) => [member.name, readType(member)]));
  const real = fields.get('r');
  const imaginary = fields.get('i');
  if (fields.size === 2 && isNumber(real) && isNumber(imaginary)) {
    return { class: DTypeClass.Complex, realType: real, imagType: imaginary };
  }
  return { class: DTypeClass.Compound, fields };
}

/** An enumeration of FALSE and TRUE is a boolean, as h5py writes it. */
function readEnumeration(sent: SentType): DType {
  const base = readNumber(sent.base ?? { class: 0, size: 1 });
  const members = Array.isArray(sent.members) ? {} : (sent.members ?? {});
  const names = Object.keys(members);
  if (names.length === 2 && members['FALSE'] === 0 && members['TRUE'] === 1) {
    return { class: DTypeClass.Bool, base };
  }
  const mapping = Object.fromEntries(Object.entries(members).map(([name, value]) => [value, name]));
  return { class: DTypeClass.Enum, base, mapping };
}

function isNumber(type: DType | undefined): type is NumericType {
  return type?.class === DTypeClass.Integer || type?.class === DTypeClass.Float;
}
