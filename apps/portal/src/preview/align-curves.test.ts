import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignCurves, type CurvesPreview } from './align-curves.ts';
import { formatTick } from './format-tick.ts';

const preview = (change: Partial<CurvesPreview>): CurvesPreview => ({
  kind: 'curves',
  title: '',
  x: { label: 'delay', unit: 's', scale: 'log' },
  y: { label: 'g2', unit: '', scale: 'linear' },
  curves: [],
  figures: [],
  ...change,
});

test('curves with different points share one axis, with gaps', () => {
  const { x, curves } = alignCurves(
    preview({
      curves: [
        { label: 'a', x: [0, 1, 4], y: [9, 2, 3], error: [1, 0.5, null] },
        { label: 'b', x: [2, 1], y: [7, null], fit: [6, 5] },
      ],
    }),
  );
  // Zero cannot stand on a logarithmic axis.
  assert.deepEqual(x, [1, 2, 4]);
  assert.deepEqual(curves[0]?.y, [2, null, 3]);
  assert.deepEqual(curves[0]?.low, [1.5, null, null]);
  assert.deepEqual(curves[1]?.y, [null, 7, null]);
  assert.deepEqual(curves[1]?.fit, [5, 6, null]);
});

test('on a logarithmic y axis, points below zero are left out and bars end at their point', () => {
  const y = { label: 'I', unit: '', scale: 'log' as const };
  const curve = { label: 'a', x: [1, 2], y: [1, -1], error: [3, 1] };
  const { curves } = alignCurves(preview({ y, curves: [curve] }));
  assert.deepEqual(curves[0]?.y, [1, null]);
  assert.deepEqual([curves[0]?.low[0], curves[0]?.high[0]], [1, 4]);
});

test('ticks name decades on a logarithmic axis, and differ on a linear one', () => {
  assert.equal(formatTick(0.001, true, []), '0.001');
  assert.equal(formatTick(0.002, true, []), '');
  assert.equal(formatTick(1e-7, true, []), '1e-7');
  assert.equal(formatTick(1.02, false, [1.02, 1.04]), '1.02');
  assert.equal(formatTick(-5, false, [-5, 0]), '−5');
});
