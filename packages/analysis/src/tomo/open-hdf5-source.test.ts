import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeHdf5 } from '@interpulse/formats/hdf5/write-hdf5.ts';
import { openHdf5Source } from './open-hdf5-source.ts';
import { needsTomoData, tomoData } from './testing/tomo-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'tomo-source-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Frames of 2 x 3 pixels; pixel i of frame f holds 10·f + i. */
function frames(count: number): Uint16Array {
  return Uint16Array.from({ length: count * 6 }, (_, i) => 10 * Math.floor(i / 6) + (i % 6));
}

test(
  'the tooth is read with its angles in radians, its title and its flat',
  needsTomoData('tooth.h5'),
  async () => {
    const source = await openHdf5Source(tomoData('tooth.h5'));
    assert.deepEqual([source.slices, source.columns, source.anglesRadians.length], [2, 640, 181]);
    assert.ok(Math.abs(source.anglesRadians[180]! - (179.0055 * Math.PI) / 180) < 1e-6);
    assert.ok(source.hasFlat && source.hasDark && typeof source.title === 'string');
    const { sinograms, dark, flat } = source.readSlab(1, 1, new Float32Array(181 * 640));
    assert.ok(sinograms.every((count) => count > 3920 && count < 33892));
    assert.ok(dark.every((count) => count >= 89 && count <= 152));
    assert.ok(flat.every((count) => count >= 25621 && count <= 34317));
    source.close();
  },
);

test('an NXtomo stack is parted by its image key, angles with it', async () => {
  const path = join(folder, 'nxtomo.h5');
  const entry = '/entry1/tomo_entry';
  await writeHdf5(path, (writer) => {
    const key = Int32Array.of(2, 1, 1, 0, 0, 0, 1, 3);
    writer.dataset(`${entry}/data/data`, frames(8), { shape: [8, 2, 3] });
    writer.dataset(`${entry}/instrument/detector/image_key`, key);
    writer.dataset(`${entry}/data/rotation_angle`, Float64Array.of(0, 0, 0, 0, 60, 120, 180, 0));
  });
  const source = await openHdf5Source(path);
  assert.deepEqual([source.slices, source.columns], [2, 3]);
  const degrees = [...source.anglesRadians].map((angle) => Math.round((angle * 180) / Math.PI));
  assert.deepEqual(degrees, [0, 60, 120]);
  const slab = source.readSlab(1, 1, new Float32Array(9));
  assert.deepEqual([...slab.sinograms], [33, 34, 35, 43, 44, 45, 53, 54, 55]);
  assert.deepEqual([...slab.dark], [3, 4, 5]);
  assert.deepEqual([...slab.flat], [33, 34, 35]);
  source.close();
});

test(
  'a map measured along a rotation is a scan without flats',
  needsTomoData('savu_mm.nxs'),
  async () => {
    const source = await openHdf5Source(tomoData('savu_mm.nxs'));
    assert.deepEqual([source.slices, source.columns, source.anglesRadians.length], [7, 101, 52]);
    assert.ok(!source.hasFlat && !source.hasDark);
    source.close();
  },
);

test('files without a scan, and frames that do not fit together, are refused by name', async () => {
  const [other, uneven] = [join(folder, 'other.h5'), join(folder, 'uneven.h5')];
  await writeHdf5(other, (writer) => writer.dataset('/entry/data/data', frames(2)));
  await assert.rejects(openHdf5Source(other), /other\.h5: it holds neither \/exchange\/data/);
  await writeHdf5(uneven, (writer) => {
    writer.dataset('/exchange/data', frames(4), { shape: [4, 2, 3] });
    writer.dataset('/exchange/data_white', frames(1), { shape: [1, 3, 2] });
  });
  await assert.rejects(openHdf5Source(uneven), /data_white is 1 x 3 x 2 and .* must agree/);
});
