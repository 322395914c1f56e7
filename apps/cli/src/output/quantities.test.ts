import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
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
    [-64_000, '-17 h 46 min'],
    [null, '-'],
  ];
  for (const [seconds, text] of cases) assert.equal(duration(seconds), text);
});

test('instants are told with the zone of the terminal', () => {
  const script = `
    import { localTime } from '${import.meta.resolve('./quantities.ts')}';
    const nowAt = '2026-11-21T14:40:00.000Z';
    console.log(localTime('2026-11-21T14:33:15.000Z', nowAt));
    console.log(localTime('2026-11-20T14:33:15.000Z', nowAt));`;
  const told = (zone: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: { ...process.env, TZ: zone },
    });
  assert.equal(told('UTC'), '14:33:15Z\n2026-11-20 14:33:15Z\n');
  assert.equal(told('Europe/Berlin'), '15:33:15+01\n2026-11-20 15:33:15+01\n');
  assert.match(told('Asia/Kolkata'), /^20:03:15\+05:30\n/);
  assert.match(told('America/Chicago'), /^08:33:15-06\n/);
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
