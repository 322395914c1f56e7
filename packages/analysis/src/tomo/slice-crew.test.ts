import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evenAngles } from './projection-angles.ts';
import { SliceCrew } from './slice-crew.ts';
import { control } from './slice-work.ts';
import type { SlicePlan } from './slice-pair.ts';
import { projectEllipses, sheppLogan } from './testing/ellipse-phantom.ts';

const columns = 64;
const anglesRadians = evenAngles(90);
const plan: SlicePlan = {
  ...{ columns, anglesRadians, centerColumn: 32.25, filter: 'parzen', padding: 2 },
  ...{ beyondEdge: 'edge', rounding: 'exact', values: 'counts', rings: 'sorting' },
};

const sinogram = projectEllipses(sheppLogan, anglesRadians, columns, 32.25);

/** Fills the slab with counts that differ from slice to slice, and reconstructs it. */
function runRound(crew: SliceCrew, slices: number): Float32Array {
  for (let slice = 0; slice < slices; slice += 1) {
    const counts = sinogram.map((value) => 10 + 1000 * Math.exp((-value * (slice + 1)) / 90));
    crew.work.sinograms.set(counts, slice * counts.length);
  }
  crew.work.dark.fill(10);
  crew.work.flat.fill(1010);
  crew.work.images.fill(NaN);
  return Float32Array.from(crew.run(slices));
}

test('one thread and several give the same images, bit for bit, round after round', async () => {
  const one = new SliceCrew(plan, 8, 1);
  const expected = new Map([8, 5].map((slices) => [slices, runRound(one, slices)]));
  await one.close();
  const size = columns * columns;
  const middle = (slice: number): number => expected.get(8)![slice * size + 40 * columns + 32]!;
  assert.ok(middle(7) > 1.5 * middle(0), 'slices differ, so a mixed up one would show');

  const four = new SliceCrew(plan, 8, 4);
  // Threads join while the first rounds go on; the later ones are done by all.
  for (let round = 0; round < 40; round += 1) {
    const slices = round % 2 === 0 ? 8 : 5;
    const images = runRound(four, slices);
    assert.equal(images.length, slices * size);
    assert.ok(
      images.every((value, i) => value === expected.get(slices)![i]),
      `round ${round}`,
    );
  }
  await four.close();
});

test('a thread that fails ends the work instead of being waited for', async () => {
  const crew = new SliceCrew(plan, 4, 2);
  Atomics.store(crew.work.control, control.failed, 1);
  assert.throws(() => crew.run(4), /a reconstruction thread failed/);
  await crew.close();
});
