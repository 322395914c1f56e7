import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { growHdf5 } from '../hdf5/growing-file-test-kit.ts';
import { openHdf5 } from '../hdf5/open-hdf5.ts';
import { readSuperblock } from '../hdf5/read-superblock.ts';
import { writeHdf5 } from '../hdf5/write-hdf5.ts';
import { countFrames } from './count-frames.ts';

function pathIn(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'interpulse-frames-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'scan.h5');
}

async function framesOf(path: string): Promise<number> {
  const file = await openHdf5(path, { whileWritten: true });
  try {
    return countFrames(file);
  } finally {
    file.close();
  }
}

test('frames are counted and read while a file is written', async (t) => {
  const path = pathIn(t);
  const writer = await growHdf5(path);
  assert.equal(readSuperblock(readFileSync(path))?.isSwmr, true);
  await assert.rejects(framesOf(path), /no dataset of numbers with three axes/);
  writer.add(1);
  assert.equal(await framesOf(path), 1);
  writer.add(40);
  const file = await openHdf5(path, { whileWritten: true });
  assert.equal(countFrames(file), 41);
  assert.equal(file.read('/entry/data/data', [[40, 41]]).values[0], 1);
  file.close();
  writer.close();
  assert.equal(await framesOf(path), 41);
});

test('a file that is written is opened by who asks for that, and never cut off', async (t) => {
  const path = pathIn(t);
  const writer = await growHdf5(path);
  writer.add(3);
  const bytes = readFileSync(path);
  writer.close();
  // Of the file itself the library knows in this process that it is written here.
  writeFileSync(path, bytes);
  await assert.rejects(openHdf5(path), /its writer still holds it/);
  for (const length of [100, 1000, 8000]) {
    writeFileSync(path, bytes.subarray(0, length));
    await assert.rejects(framesOf(path), /truncated/, `${length} bytes`);
  }
});

test('a file without a series of images is refused', async (t) => {
  const path = pathIn(t);
  await writeHdf5(path, (writer) => writer.dataset('/spectrum', new Float32Array(8)));
  await assert.rejects(framesOf(path), /no dataset of numbers with three axes/);
});
