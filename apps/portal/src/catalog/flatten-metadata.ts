import { formatMeasured } from '../format/quantity.ts';

/** Longer lists are cut to this many values. */
const shownValues = 12;

/**
 * Metadata as rows of a name and a text. Nested names are joined with dots; `{ value, error,
 * unit }` becomes one row; a list of plain values becomes one row.
 */
export function flattenMetadata(metadata: Record<string, unknown>): [string, string][] {
  return Object.entries(metadata).flatMap(([name, value]) => flatten(name, value));
}

function flatten(name: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) {
    if (value.every((each) => !isObject(each))) return [[name, listText(value)]];
    return value.flatMap((each, index) => flatten(`${name}.${index}`, each));
  }
  if (!isObject(value)) return [[name, plainText(value)]];
  const keys = Object.keys(value);
  if ('value' in value && keys.every((key) => ['value', 'error', 'unit'].includes(key))) {
    return [[name, `${measuredText(value)} ${plainText(value['unit'] ?? '')}`.trim()]];
  }
  return Object.entries(value).flatMap(([key, inner]) => flatten(`${name}.${key}`, inner));
}

function measuredText({ value, error }: Record<string, unknown>): string {
  const isMeasured = typeof value === 'number' && typeof error === 'number';
  return isMeasured ? formatMeasured(value, error) : plainText(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function listText(values: unknown[]): string {
  const shown = values.slice(0, shownValues).map((value) => plainText(value));
  return values.length > shownValues
    ? `${shown.join(', ')} … (${values.length} values)`
    : shown.join(', ');
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
