import type { Metadata } from 'h5wasm/node';
import type { Hdf5File } from './hdf5-file.ts';
import { typeClass } from './hdf5-dtype.ts';

/** An HDF5 type as the h5grove protocol tells it to H5Web; numbers are those of HDF5 itself. */
export interface EntityType {
  class: number;
  size: number;
  /** 0 little-endian, 1 big-endian. */
  order?: number;
  /** 0 unsigned, 1 two's complement. */
  sign?: number;
  cset?: number;
  strPad?: number;
  vlen?: boolean;
  tag?: string;
  members?: Record<string, EntityType | number>;
  base?: EntityType;
  dims?: number[];
}

/** The name, shape and type of an attribute. */
export interface EntityAttribute {
  name: string;
  shape: number[];
  type: EntityType;
}

/** One node of the tree, as `GET {base}/meta` of the h5grove protocol answers it. */
export type Entity =
  | { name: string; kind: 'group'; attributes: EntityAttribute[]; children?: Entity[] }
  | {
      name: string;
      kind: 'dataset';
      attributes: EntityAttribute[];
      shape: number[] | null;
      type: EntityType;
      chunks: number[] | null;
      filters: { id: number; name: string }[] | null;
    }
  | { name: string; kind: 'datatype'; attributes: EntityAttribute[]; type: EntityType }
  | { name: string; kind: 'soft_link'; target_path: string }
  | { name: string; kind: 'external_link'; target_file: string; target_path: string };

/**
 * Describes what stands at a path, and one level of children of a group; JSON-safe.
 *
 * @throws DomainError `notFound` ("is not a valid path") when there is nothing.
 */
export function describeEntity(file: Hdf5File, path: string): Entity {
  const entity = describeOne(file, path);
  if (entity.kind !== 'group') return entity;
  const prefix = path === '/' ? '' : path.replace(/\/+$/, '');
  const children = file.children(path).map((name) => describeOne(file, `${prefix}/${name}`));
  return { ...entity, children };
}

function describeOne(file: Hdf5File, path: string): Entity {
  const name = path.split('/').at(-1) ?? '';
  const kind = file.kind(path);
  if (kind === 'softLink') {
    return { name, kind: 'soft_link', target_path: file.linkTarget(path).path };
  }
  if (kind === 'externalLink') {
    const target = file.linkTarget(path);
    return {
      name,
      kind: 'external_link',
      target_file: target.file ?? '',
      target_path: target.path,
    };
  }
  if (kind === 'datatype') {
    return { name, kind, attributes: [], type: entityType(file.typeMetadata(path)) };
  }
  const attributes = describeAttributes(file, path);
  if (kind === 'group') return { name, kind, attributes };
  const { shape, chunks, filters } = file.dataset(path);
  const type = entityType(file.typeMetadata(path));
  return { name, kind: 'dataset', attributes, shape, type, chunks, filters };
}

function describeAttributes(file: Hdf5File, path: string): EntityAttribute[] {
  return file.attributeTypes(path).map(({ name, metadata }) => ({
    name,
    shape: metadata.shape ?? [],
    type: entityType(metadata),
  }));
}

function entityType(metadata: Metadata): EntityType {
  const { type, size } = metadata;
  const order = metadata.littleEndian ? 0 : 1;
  const common = { class: type, size };
  if (type === typeClass.integer) return { ...common, order, sign: metadata.signed ? 1 : 0 };
  if (type === typeClass.float || type === typeClass.bitfield) return { ...common, order };
  if (type === typeClass.string) {
    const { cset = 0, strpad = 0, vlen } = metadata;
    return { ...common, cset, strPad: strpad, vlen };
  }
  if (type === typeClass.opaque) return { ...common, tag: '' };
  if (type === typeClass.compound) {
    const members = metadata.compound_type?.members ?? [];
    return {
      ...common,
      members: Object.fromEntries(members.map((member) => [member.name, entityType(member)])),
    };
  }
  if (type === typeClass.enum) {
    const base = { class: metadata.enum_type?.type ?? typeClass.integer, size, order };
    const sign = metadata.signed ? 1 : 0;
    return { ...common, members: metadata.enum_type?.members ?? {}, base: { ...base, sign } };
  }
  if (type === typeClass.vlen && metadata.vlen_type !== undefined) {
    return { ...common, base: entityType(metadata.vlen_type) };
  }
  if (type === typeClass.array && metadata.array_type !== undefined) {
    const dims = metadata.array_type.shape ?? [];
    return { ...common, base: entityType(metadata.array_type), dims };
  }
  return common;
}
