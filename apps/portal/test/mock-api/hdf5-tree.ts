import { DomainError } from '@interpulse/domain/error.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { g2Preview } from './g2-preview.ts';

/** Types in the h5grove protocol's form: HDF5's own class numbers, little-endian. */
const float64 = { class: 1, size: 8, order: 0 };
const uint16 = { class: 0, size: 2, order: 0, sign: 0 };
const text = { class: 3, size: 8, cset: 1, strPad: 0, vlen: true };

interface Node {
  attributes?: Record<string, string>;
  children?: Record<string, Node>;
  shape?: number[];
  type?: JsonObject;
  values?: () => number[] | string;
}

const frameSize = 96;
const frameCount = 12;

function speckles(): number[] {
  const values: number[] = [];
  for (let frame = 0; frame < frameCount; frame += 1) {
    for (let row = 0; row < frameSize; row += 1) {
      for (let column = 0; column < frameSize; column += 1) {
        const radius = Math.hypot(row - frameSize / 2, column - frameSize / 2);
        const waves = Math.sin(row * 0.7 + frame * 0.3) * Math.cos(column * 0.6 - frame * 0.2);
        values.push(Math.round(4000 * Math.exp(-radius / 22) * (1 + 0.5 * waves)));
      }
    }
  }
  return values;
}

/** A small NeXus file: g2 over delay, and frames. */
const root: Node = {
  attributes: { NX_class: 'NXroot', default: 'entry' },
  children: {
    entry: {
      attributes: { NX_class: 'NXentry', default: 'xpcs' },
      children: {
        title: { shape: [], type: text, values: () => 'Latex spheres in water' },
        xpcs: {
          attributes: { NX_class: 'NXdata', signal: 'g2', axes: 'delay' },
          children: {
            g2: { shape: [34], type: float64, values: () => curve('y') },
            g2_errors: { shape: [34], type: float64, values: () => curve('error') },
            delay: {
              shape: [34],
              type: float64,
              attributes: { units: 's' },
              values: () => curve('x'),
            },
          },
        },
        frames: {
          attributes: { NX_class: 'NXdata', signal: 'data' },
          children: {
            data: {
              shape: [frameCount, frameSize, frameSize],
              type: uint16,
              attributes: { units: 'counts', interpretation: 'image' },
              values: speckles,
            },
          },
        },
      },
    },
  },
};

function curve(of: 'x' | 'y' | 'error'): number[] {
  const preview = g2Preview(1);
  const values = preview.kind === 'curves' ? preview.curves[0]?.[of] : [];
  return (values ?? []).map((value) => value ?? 0);
}

function find(path: string): Node {
  let node: Node | undefined = root;
  for (const name of path.split('/').filter((part) => part !== '')) node = node?.children?.[name];
  if (node === undefined) throw new DomainError('notFound', `${path} is not a valid path`);
  return node;
}

function describe(name: string, node: Node, depth: number): JsonObject {
  const attributes = Object.keys(node.attributes ?? {}).map((each) => ({
    name: each,
    shape: [],
    type: text,
  }));
  if (node.children === undefined) {
    const { shape = [], type = text } = node;
    return { name, kind: 'dataset', attributes, shape, type, chunks: null, filters: null };
  }
  const children = Object.entries(node.children).map(([each, child]) =>
    describe(each, child, depth - 1),
  );
  return { name, kind: 'group', attributes, ...(depth > 0 ? { children } : {}) };
}

/** What stands at a path, as h5grove's `meta` says it. */
export function hdf5Entity(path: string): JsonObject {
  return describe(path.split('/').at(-1) ?? '', find(path), 1);
}

/** Attribute values at a path, as h5grove's `attr` says them. */
export function hdf5Attributes(path: string): JsonObject {
  return find(path).attributes ?? {};
}

/** Values at a path: JSON text or little-endian bytes; `selection` picks leading indices. */
export function hdf5Value(path: string, selection: string | undefined, format: string): Buffer {
  const node = find(path);
  const values = node.values?.();
  if (values === undefined) throw new DomainError('invalid', `${path} is not a dataset`);
  if (typeof values === 'string') return Buffer.from(JSON.stringify(values));
  const picked = pick(values, node.shape ?? [], selection);
  if (format === 'json') return Buffer.from(JSON.stringify(picked));
  const array = node.type === uint16 ? new Uint16Array(picked) : new Float64Array(picked);
  return Buffer.from(array.buffer);
}

function pick(values: number[], shape: number[], selection: string | undefined): number[] {
  const first = selection?.split(',')[0];
  if (first === undefined || first === ':') return values;
  const size = shape.slice(1).reduce((product, each) => product * each, 1);
  const [from = 0, to = from + 1] = first.split(':').map(Number);
  return values.slice(from * size, to * size);
}
