import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gridrec, type GridrecOptions } from './gridrec.ts';
import { evenAngles } from './projection-angles.ts';
import { reconstructionFilters } from './reconstruction-filter.ts';
import { densityAt, projectEllipses, sheppLogan, type Ellipse } from './testing/ellipse-phantom.ts';
import { readNpy } from './testing/read-npy.ts';
import { needsTomoData, tomoData } from './testing/tomo-data.ts';
import { toSinograms } from './tomography-source.ts';

const disc: Ellipse = {
  ...{ density: 1, semiAxisX: 0.6, semiAxisY: 0.6 },
  ...{ centerX: 0.1, centerY: -0.05, tiltRadians: 0 },
};

/** Reconstructs a phantom whose axis lies off the middle of the detector. */
function reconstruct(phantom: readonly Ellipse[], options: Partial<GridrecOptions>): Float32Array {
  const columns = 256;
  const anglesRadians = evenAngles(512);
  const center = columns / 2 + 3.25;
  const gridrec = new Gridrec({
    ...{ columns, anglesRadians, filter: 'shepp', padding: 2, beyondEdge: 'zero' },
    ...{ rounding: 'exact' as const },
    ...options,
  });
  const image = new Float32Array(columns * columns);
  const sinogram = projectEllipses(phantom, anglesRadians, columns, center);
  gridrec.reconstruct(sinogram, undefined, center, image, undefined);
  return image;
}

/** Root of the mean squared error against the densities inside 0.95 of the circle. */
function rmsError(image: Float32Array, phantom: readonly Ellipse[]): number {
  const size = Math.sqrt(image.length);
  let [sum, count] = [0, 0];
  for (let i = 0; i < image.length; i += 1) {
    const [x, y] = positionOf(i, size);
    if (Math.hypot(x, y) > 0.95) continue;
    sum += (image[i]! - densityAt(phantom, x, y)) ** 2;
    count += 1;
  }
  return Math.sqrt(sum / count);
}

/** tomopy's orientation: columns are x, rows run against y, the axis at (size/2 - 1, size/2). */
function positionOf(index: number, size: number): [number, number] {
  const half = size / 2;
  return [((index % size) - half) / half, (half - 1 - Math.floor(index / size)) / half];
}

for (const filter of reconstructionFilters) {
  const name = `tomopy_gridrec/gridrec_${filter}.npy`;
  test(`with filter ${filter} images equal tomopy's within 1e-4`, needsTomoData(name), () => {
    const projections = readNpy(tomoData('tomopy_gridrec/proj.npy'));
    const [angles = 0, slices = 0, columns = 0] = projections.shape;
    const expected = readNpy(tomoData(name)).data;
    const gridrec = new Gridrec({
      ...{ columns, filter, padding: 1, beyondEdge: 'zero', rounding: 'tomopy' },
      anglesRadians: Float64Array.from(readNpy(tomoData('tomopy_gridrec/angle.npy')).data),
    });
    const sinograms = new Float32Array(slices * angles * columns);
    const frames = Array.from({ length: angles }, (_, i) => i);
    toSinograms(projections.data, frames, slices, columns, sinograms);
    const images = new Float32Array(slices * columns * columns);
    const [perSinogram, perImage] = [angles * columns, columns * columns];
    for (let slice = 0; slice < slices; slice += 2) {
      const at = (array: Float32Array, length: number, index: number): Float32Array =>
        array.subarray(index * length, (index + 1) * length);
      gridrec.reconstruct(
        at(sinograms, perSinogram, slice),
        at(sinograms, perSinogram, slice + 1),
        24,
        at(images, perImage, slice),
        at(images, perImage, slice + 1),
      );
    }
    const worst = images.reduce((most, v, i) => Math.max(most, Math.abs(v - expected[i]!)), 0);
    assert.ok(worst < 1e-4, `worst difference ${worst}`);
  });
}

test('the Shepp-Logan phantom comes back within the error of its edges, at any padding', () => {
  const errors = [1, 2, 4].map((padding) =>
    rmsError(reconstruct(sheppLogan, { padding }), sheppLogan),
  );
  assert.ok(errors[0]! < 0.065 && errors[1]! < 0.055 && errors[2]! < 0.055, String(errors));
});

test("tomopy's arithmetic is worse, as published figures for it say", () => {
  const image = reconstruct(sheppLogan, { rounding: 'tomopy', padding: 1 });
  assert.ok(rmsError(image, sheppLogan) > 0.2);
});

test('a uniform disc has its density inside, within half a percent', () => {
  for (const filter of ['shepp', 'cosine', 'hann', 'ramlak'] as const) {
    const image = reconstruct([disc], { filter });
    let [sum, count] = [0, 0];
    for (let i = 0; i < image.length; i += 1) {
      const [x, y] = positionOf(i, 256);
      if (Math.hypot(x - disc.centerX, y - disc.centerY) > 0.5) continue;
      sum += image[i]!;
      count += 1;
    }
    assert.ok(Math.abs(sum / count - 1) < 0.005, `${filter}: mean ${sum / count}`);
  }
});

test('angles over a whole turn, or in the other half turn, give the same image', () => {
  const columns = 64;
  const center = 33;
  const images = [evenAngles(96), evenAngles(96).map((angle) => angle + Math.PI)].map((angles) => {
    const gridrec = new Gridrec({
      ...{ columns, anglesRadians: angles, filter: 'hann', padding: 2 },
      ...{ beyondEdge: 'zero', rounding: 'exact' },
    });
    const image = new Float32Array(columns * columns);
    const sinogram = projectEllipses([disc], angles, columns, center);
    gridrec.reconstruct(sinogram, undefined, center, image, undefined);
    return image;
  });
  const worst = images[0]!.reduce((most, v, i) => Math.max(most, Math.abs(v - images[1]![i]!)), 0);
  assert.ok(worst < 2e-3, `worst difference ${worst}`);
});

test('beyond the edge of an object wider than the detector, its last value goes on', () => {
  const wide: Ellipse = { ...disc, semiAxisX: 1.5, semiAxisY: 1.5, centerX: 0, centerY: 0 };
  const [cut, continued] = (['zero', 'edge'] as const).map((beyondEdge) =>
    rmsError(reconstruct([wide], { beyondEdge }), [wide]),
  );
  assert.ok(continued! < 0.6 * cut!, `zero ${cut}, edge ${continued}`);
});
