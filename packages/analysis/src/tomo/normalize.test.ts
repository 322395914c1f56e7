import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowestTransmission, toAbsorption, toTransmission } from './normalize.ts';
import { readNpy } from './testing/read-npy.ts';
import { needsTomoData, tomoData } from './testing/tomo-data.ts';
import { meanOfFrames } from './tomography-source.ts';

test("transmission equals tomopy's", needsTomoData('tomopy_gridrec/normalize.npy'), () => {
  const read = (name: string) => readNpy(tomoData(`tomopy_gridrec/${name}.npy`));
  const [counts, dark, flat] = [read('tomo'), read('dark'), read('flat')];
  const pixels = 8 * 46;
  const values = Float32Array.from(counts.data);
  toTransmission(
    values,
    meanOfFrames(dark.data, [0, 1], pixels),
    meanOfFrames(flat.data, [0, 1], pixels),
  );
  const expected = read('normalize').data;
  const worst = values.reduce((most, value, i) => {
    const size = Math.max(1, Math.abs(expected[i]!));
    return Math.max(most, Math.abs(value - expected[i]!) / size);
  }, 0);
  assert.ok(worst < 1e-5, `worst relative difference ${worst}`);
});

test('a pixel without flat field takes the mean of its neighbours', () => {
  const counts = Float32Array.of(100, 7, 7, 25);
  toTransmission(counts, new Float64Array(4), Float64Array.of(100, 0, 0, 100));
  assert.deepEqual(toAbsorption(counts, 4), { clipped: 0, replaced: 2 });
  const mean = -Math.log(0.625);
  const expected = [0, mean, mean, -Math.log(0.25)];
  expected.forEach((value, i) => assert.ok(Math.abs(counts[i]! - value) < 1e-6));
});

test('opaque and dead lines stay finite', () => {
  const values = Float32Array.of(-0.2, 0, NaN, Infinity, NaN, NaN);
  const mended = toAbsorption(values, 2);
  assert.deepEqual(mended, { clipped: 2, replaced: 4 });
  const opaque = Math.fround(-Math.log(Math.fround(lowestTransmission)));
  values.slice(0, 2).forEach((value) => assert.ok(Math.abs(value - opaque) < 1e-5));
  assert.deepEqual([...values.slice(2)].map(Math.abs), [0, 0, 0, 0]);
});
