import { DomainError } from '@interpulse/domain/error.ts';
import type { Hdf5Range } from './hdf5-file.ts';

/** A selection as ranges, and the shape of what it selects (single indices drop their axis). */
export interface Selection {
  ranges: Hdf5Range[];
  shape: number[];
}

/**
 * Reads a selection in NumPy's notation, such as `0,:,10:20` or `:,::2`; axes left out are taken
 * whole, negative numbers count from the end.
 *
 * @throws DomainError `invalid` when it does not fit the shape.
 */
export function parseSelection(text: string | undefined, shape: readonly number[]): Selection {
  const items = text === undefined || text.trim() === '' ? [] : text.split(',');
  if (items.length > shape.length) {
    const axes = `${shape.length} axes, not ${items.length}`;
    throw new DomainError('invalid', `the selection ${text} does not fit: the dataset has ${axes}`);
  }
  const ranges: Hdf5Range[] = [];
  const selected: number[] = [];
  shape.forEach((size, axis) => {
    const item = (items[axis] ?? ':').trim();
    const [start, stop, step] = parseItem(item, size);
    ranges.push([start, stop, step]);
    if (item.includes(':')) selected.push(Math.ceil((stop - start) / step));
  });
  return { ranges, shape: selected };
}

function parseItem(item: string, size: number): [number, number, number] {
  const parts = item.split(':');
  const isNumber = (part: string): boolean => /^-?\d+$/.test(part);
  const fits = parts.length <= 3 && parts.every((part) => part === '' || isNumber(part));
  const fault = new DomainError(
    'invalid',
    `cannot select "${item}" of an axis of ${size}; give an index or start:stop:step`,
  );
  if (!fits) throw fault;
  const fromEnd = (value: number): number => (value < 0 ? value + size : value);
  if (parts.length === 1) {
    const index = fromEnd(Number(item));
    if (item === '' || index < 0 || index >= size) throw fault;
    return [index, index + 1, 1];
  }
  const [first = '', last = '', every = ''] = parts;
  const step = every === '' ? 1 : Number(every);
  if (step < 1) throw fault;
  const clip = (value: number): number => Math.min(size, Math.max(0, fromEnd(value)));
  const start = first === '' ? 0 : clip(Number(first));
  const stop = last === '' ? size : clip(Number(last));
  return [start, Math.max(start, stop), step];
}
