import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { binDurations } from './bin-durations.ts';

test('every run is counted once, in the bin between whose edges it lies', () => {
  const runs = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(runs, (seconds) => {
      const { edges, counts } = binDurations(seconds);
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        seconds.length,
      );
      assert.equal(edges.length, counts.length + 1);
      assert.ok(counts.length <= 80, `${counts.length} bins`);
      assert.ok((edges[0] ?? 0) <= Math.min(...seconds) * (1 + 1e-9));
      assert.ok((edges.at(-1) ?? 0) >= Math.max(...seconds) * (1 - 1e-9));
    }),
  );
});

test('edges are round; times that differ much get logarithmic ones', () => {
  assert.deepEqual(binDurations([10, 45]).edges.slice(0, 3), [10, 11, 12]);
  const wide = binDurations([0.1, 1, 1000]).edges;
  assert.ok((wide[2] ?? 0) / (wide[1] ?? 1) > 1.2);
  assert.deepEqual(binDurations([]), { edges: [], counts: [] });
  assert.equal(
    binDurations([7, 7, 7]).counts.reduce((sum, count) => sum + count, 0),
    3,
  );
});
