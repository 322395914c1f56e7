import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultRingWindow, removeRingsBySorting } from './sorted-ring-removal.ts';
import { projectEllipses, sheppLogan } from './testing/ellipse-phantom.ts';
import { evenAngles } from './projection-angles.ts';

const columns = 256;
const clean = projectEllipses(sheppLogan, evenAngles(180), columns, 127.5);

function rms(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);
}

test('stripes of a sinogram go, and what lies between them stays', () => {
  const striped = clean.map(
    (value, i) => value + (i % columns === 70 || i % columns === 170 ? 3 : 0),
  );
  const mended = striped.slice();
  removeRingsBySorting(mended, columns, 5);
  const untouched = clean.slice();
  removeRingsBySorting(untouched, columns, 5);
  // The median also rounds the sample's edges; that is the price, with stripes and without.
  assert.ok(rms(mended, untouched) < 0.15 * rms(striped, clean));
  assert.ok(rms(untouched, clean) < 0.02 * Math.max(...clean));
});

test('a stripe over a flat sinogram goes without a trace, negative values and edges too', () => {
  const flat = new Float32Array(20 * 9).map((_, i) => (i % 9 === 0 ? -4 : -1));
  removeRingsBySorting(flat, 9, 3);
  assert.deepEqual(
    flat.slice(9),
    new Float32Array(19 * 9).map((_, i) => (i % 9 === 0 ? -4 : -1)),
  );
});

test('the window is odd and grows with the detector', () => {
  assert.deepEqual([100, 640, 1000, 2048, 9000].map(defaultRingWindow), [5, 7, 11, 21, 21]);
});
