import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flattenMetadata } from './flatten-metadata.ts';

test('a measured value is one row, with its error and unit', () => {
  const rows = flattenMetadata({
    rate: { value: 97.0104, error: 1.15793, unit: '1/s' },
    power: { value: 2.11478, error: 0.0415975 },
  });
  assert.deepEqual(rows, [
    ['rate', '97.0 ± 1.2 1/s'],
    ['power', '2.115 ± 0.042'],
  ]);
});

test('nested metadata become rows; a value with a unit is one row, a long list is cut', () => {
  const rows = flattenMetadata({
    sample: { name: 'latex', temperature: { value: 293.4, unit: 'K' } },
    attenuators: [0, 2],
    long: Array.from({ length: 40 }, (_, index) => index),
    steps: [{ app: 'a' }, { app: 'b' }],
    none: null,
  });
  assert.deepEqual(rows.slice(0, 3), [
    ['sample.name', 'latex'],
    ['sample.temperature', '293.4 K'],
    ['attenuators', '0, 2'],
  ]);
  assert.match(rows[3]?.[1] ?? '', /^0, 1, .* 11 … \(40 values\)$/);
  assert.deepEqual(rows.slice(4), [
    ['steps.0.app', 'a'],
    ['steps.1.app', 'b'],
    ['none', '–'],
  ]);
});
