import { EntityKind, parseShape, type Attribute, type ChildEntity } from '@h5web/app';
import { readType, type SentType } from './hdf5-types.ts';

/** What stands at a path, as the hub sends it, in the h5grove protocol's form. */
export interface SentEntity {
  name: string;
  kind: 'group' | 'dataset' | 'datatype' | 'soft_link' | 'external_link';
  attributes?: { name: string; shape: number[] | null; type: SentType }[];
  /** Of a group, without their own children. */
  children?: SentEntity[];
  shape?: number[] | null;
  type?: SentType;
  chunks?: number[] | null;
  filters?: { id: number; name: string }[] | null;
  target_path?: string;
  target_file?: string;
}

/** An entity in H5Web's words; a group's children are under `children`. */
export function readEntity(path: string, sent: SentEntity): ChildEntity {
  const base = { name: sent.name, path, attributes: readAttributes(sent) };
  const { type, chunks, filters } = sent;
  switch (sent.kind) {
    case 'group': {
      const children = (sent.children ?? []).map((child) =>
        readEntity(path === '/' ? `/${child.name}` : `${path}/${child.name}`, child),
      );
      return { ...base, kind: EntityKind.Group, ...{ children } };
    }
    case 'dataset':
      return {
        ...base,
        kind: EntityKind.Dataset,
        shape: parseShape(sent.shape ?? null),
        type: readType(type ?? { class: -1 }),
        rawType: type,
        ...(chunks ? { chunks } : {}),
        ...(filters ? { filters } : {}),
      };
    case 'datatype':
      return { ...base, kind: EntityKind.Datatype, ...(type ? { type: readType(type) } : {}) };
    case 'soft_link':
      return { ...base, kind: EntityKind.Unresolved, link: { class: 'Soft', ...target(sent) } };
    case 'external_link':
      return { ...base, kind: EntityKind.Unresolved, link: { class: 'External', ...target(sent) } };
  }
}

function readAttributes(sent: SentEntity): Attribute[] {
  return (sent.attributes ?? []).map(({ name, shape, type }) => ({
    name,
    shape: parseShape(shape),
    type: readType(type),
  }));
}

function target(sent: SentEntity): { path?: string; file?: string } {
  return {
    ...(sent.target_path === undefined ? {} : { path: sent.target_path }),
    ...(sent.target_file === undefined ? {} : { file: sent.target_file }),
  };
}
