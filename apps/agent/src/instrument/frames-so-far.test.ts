import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { growHdf5 } from '@interpulse/formats/hdf5/growing-file-test-kit.ts';
import { atEnd, testFolder, until } from '../agent-test-kit.ts';
import { Hdf5Reader } from '../questions/hdf5-reader.ts';
import { framesSoFar } from './frames-so-far.ts';
import { watchWorld } from './watch-test-kit.ts';

test('a file that grows is told with the frames that can be read already', async (t) => {
  const settle = { hdf5: 'closed' };
  const world = watchWorld(t, { pattern: '*.h5', settle, growing: { everySeconds: 0.1 } });
  await world.start();
  const writer = await growHdf5(join(world.raw, 'scan_7.h5'));
  for (const frames of [3, 40]) {
    writer.add(frames);
    const expected = frames === 3 ? 3 : 43;
    await until(`${expected} frames are told`, () =>
      world.grown.some((each) => each.frames === expected),
    );
  }
  writer.close();
  await until('the whole file is told', () => world.told.length === 1);
  const counts = world.grown.map(({ frames }) => frames);
  assert.deepEqual(
    counts,
    counts.toSorted((a, b) => a - b),
  );
});

test('of what cannot be read there are no frames, and nothing is left open', async (t) => {
  const folder = testFolder(t);
  const reader = new Hdf5Reader();
  atEnd(t, () => reader.close());
  const path = join(folder, 'scan.h5');
  assert.equal(await framesSoFar(reader, path), 0, 'it is not there');
  await writeFile(path, 'no HDF5 file');
  assert.equal(await framesSoFar(reader, path), 0, 'it is of another kind');
  const writer = await growHdf5(path);
  writer.add(5);
  assert.equal(await framesSoFar(reader, path), 5);
  const whole = await readFile(path);
  writer.close();
  const handles = (): number => readdirSync('/proc/self/fd').length;
  const before = handles();
  // Headers of groups and of the dataset, as they are while their page is written.
  for (const from of [48, 1000]) {
    const torn = Buffer.from(whole);
    torn.fill(0, from, 6144);
    writeFileSync(path, torn);
    for (let count = 0; count < 250; count += 1) {
      assert.equal(await framesSoFar(reader, path), 0, 'it is in the middle of a change');
    }
  }
  assert.ok(handles() < before + 110, `${handles() - before} handles are open`);
  writeFileSync(path, whole);
  assert.equal(await framesSoFar(reader, path), 5, 'it can be read again');
});
