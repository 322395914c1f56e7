import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHdf5Source } from '../open-hdf5-source.ts';
import { findCenter } from '../find-center.ts';
import { evenAngles } from '../projection-angles.ts';
import { projectEllipses, sheppLogan } from '../testing/ellipse-phantom.ts';
import { readNpy } from '../testing/read-npy.ts';
import { needsTomoData, tomoData } from '../testing/tomo-data.ts';
import { entropyCenter } from './entropy-center.ts';
import { phaseCenter } from './phase-center.ts';
import { voCenter } from './vo-center.ts';

const sinogramFile = 'tomopy_gridrec/sinogram.npy';

function near(found: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${found}, expected ${expected}`);
}

test(
  'the axis of the tooth is at 296.0 by entropy, 295.5 by phase',
  needsTomoData('tooth.h5'),
  async () => {
    const source = await openHdf5Source(tomoData('tooth.h5'));
    const plan = { values: 'counts', rings: 'none', columns: source.columns } as const;
    near(findCenter(source, plan, 'entropy', 0).centerColumn, 296, 0.5);
    near(findCenter(source, plan, 'auto', 1).centerColumn, 296, 0.5);
    near(findCenter(source, plan, 'phase', 0).centerColumn, 295.5, 0.5);
    source.close();
  },
);

test(
  "tomopy's sinogram has its axis at 45.28 by entropy, 44.75 by Vo",
  needsTomoData(sinogramFile),
  () => {
    const { data, shape } = readNpy(tomoData(sinogramFile));
    const [angles = 0, , columns = 0] = shape;
    const sinogram = Float32Array.from(data);
    // tomopy's own test lays the angles from 0 to 180° with both ends.
    const anglesRadians = Float64Array.from(
      { length: angles },
      (_, i) => (i * Math.PI) / (angles - 1),
    );
    near(entropyCenter(sinogram, { columns, anglesRadians }), 45.28, 0.45);
    near(voCenter(sinogram, columns, { reachColumns: 10 }), 44.75, 0.25);
  },
);

test(
  "tomopy's projection, mirrored and moved by 18.75, has its axis half of that off the middle",
  needsTomoData('tomopy_gridrec/projection.npy'),
  () => {
    const { data, shape } = readNpy(tomoData('tomopy_gridrec/projection.npy'));
    const [rows = 0, columns = 0] = shape;
    const first = Float32Array.from(data);
    const opposite = first.map((_, i) => {
      const row = Math.floor(i / columns);
      const from = (i % columns) - 18.75;
      const at = (column: number): number => {
        const inside = column < 0 ? -1 - column : column;
        return first[row * columns + columns - 1 - inside]!;
      };
      const left = Math.floor(from);
      return at(left) + (from - left) * (at(left + 1) - at(left));
    });
    assert.equal(rows, 128);
    near(phaseCenter(first, opposite, columns, 0.25), 63.5 + 18.75 / 2, 0.5);
  },
);

test('a shifted axis is found within a quarter of a pixel by every method', () => {
  const columns = 128;
  const anglesRadians = evenAngles(180);
  for (const center of [60.5, 66.75]) {
    const sinogram = projectEllipses(sheppLogan, anglesRadians, columns, center);
    near(voCenter(sinogram, columns, { reachColumns: 15 }), center, 0.25);
    near(entropyCenter(sinogram, { columns, anglesRadians, toleranceColumns: 0.1 }), center, 0.25);
    const two = projectEllipses(sheppLogan, Float64Array.of(0.3, 0.3 + Math.PI), columns, center);
    near(phaseCenter(two.slice(0, columns), two.slice(columns), columns, 0.1), center, 0.25);
  }
});
