import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evenAngles } from './projection-angles.ts';
import { SliceCrew } from './slice-crew.ts';
import type { SlicePlan } from './slice-pair.ts';
import { projectEllipses, sheppLogan } from './testing/ellipse-phantom.ts';

const columns = 64;
const anglesRadians = evenAngles(90);
const plan: SlicePlan = {
  ...{ columns, anglesRadians, centerColumn: 32.25, filter: 'parzen', padding: 2 },
  ...{ beyondEdge: 'edge', rounding: 'exact', values: 'counts', rings: 'sorting' },
};

/** Images of two rounds, the second with an odd number of slices. */
async function reconstruct(threads: number): Promise<Float32Array[]> {
  const crew = new SliceCrew(plan, 8, threads);
  const rounds = [8, 5].map((slices, round) => {
    const sinogram = projectEllipses(sheppLogan, anglesRadians, columns, 32.25);
    for (let slice = 0; slice < slices; slice += 1) {
      const counts = sinogram.map(
        (value) => 10 + 1000 * Math.exp((-value * (slice + round + 1)) / 90),
      );
      crew.work.sinograms.set(counts, slice * counts.length);
    }
    crew.work.dark.fill(10);
    crew.work.flat.fill(1010);
    return Float32Array.from(crew.run(slices));
  });
  await crew.close();
  return rounds;
}

test('one thread and several give the same images, bit for bit', async () => {
  const [one, four] = [await reconstruct(1), await reconstruct(4)];
  assert.deepEqual(one, four);
  const size = columns * columns;
  assert.equal(one[1]!.length, 5 * size);
  const middle = (round: number, slice: number): number =>
    one[round]![slice * size + 40 * columns + 32]!;
  assert.ok(middle(0, 7) > 1.5 * middle(0, 0), 'slices differ, so a mixed up one would show');
});
