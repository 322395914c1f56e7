import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, duration, measured, span } from './quantities.ts';

test('bytes are given in the unit that suits them', () => {
  assert.deepEqual([0, 1023, 1024, 8.4 * 2 ** 20, 3e12, null].map(bytes), [
    '0 B',
    '1023 B',
    '1.0 KiB',
    '8.4 MiB',
    '2.7 TiB',
    '-',
  ]);
});

test('lengths of time are given as people say them', () => {
  const cases: [number | null, string][] = [
    [0.42, '0.42 s'],
    [12.34, '12.3 s'],
    [125, '2 min 05 s'],
    [12_000, '3 h 20 min'],
    [352_800, '4 d 2 h'],
    [null, '-'],
  ];
  for (const [seconds, text] of cases) assert.equal(duration(seconds), text);
});

test('a span ends now while nothing has ended', () => {
  const start = '2026-11-21T12:00:00.000Z';
  const nowAt = '2026-11-21T12:00:03.000Z';
  assert.equal(span(start, null, nowAt), '3.00 s');
  assert.equal(span(start, '2026-11-21T12:00:01.000Z', nowAt), '1.00 s');
  assert.equal(span(null, null, nowAt), '-');
});

test('a value is given to the digits that its error allows', () => {
  assert.equal(measured(0.123456, 0.0021, '1/s'), '0.1235 ± 0.0021 1/s');
  assert.equal(measured(295.625, undefined, 'pixels'), '295.625 pixels');
  assert.equal(measured(185_348.4, 3874.2, ''), '185300 ± 3900');
});
