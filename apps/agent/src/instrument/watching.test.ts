import assert from 'node:assert/strict';
import fs from 'node:fs';
import {
  appendFile,
  mkdir,
  rename,
  rm,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../agent-test-kit.ts';
import { watchWorld } from './watch-test-kit.ts';

const quick = { pattern: '**/*.h5', settle: 'rename', rescanSeconds: 0.05 };

/** Writes as a detector does: under another name first. */
async function put(folder: string, name: string, content = name): Promise<void> {
  await writeFile(join(folder, '.writing.part'), content);
  await rename(join(folder, '.writing.part'), join(folder, name));
}

describe('a watched folder', () => {
  for (const method of ['events', 'scan'] as const) {
    it(`tells by ${method} of files, of new versions, and of folders moved in`, async (t) => {
      const world = watchWorld(t, { ...quick, method });
      const aside = join(world.raw, '..', 'aside', 'deep');
      await mkdir(aside, { recursive: true });
      await world.start();
      await put(world.raw, 'a.h5');
      await until('the file is told', () => world.paths().includes('/a.h5'));
      await put(world.raw, 'a.h5', 'another version');
      await until('its version is told', () => world.told.length === 2);
      for (const name of ['b.h5', 'c.h5', '.hidden.h5', 'd.h5.part']) {
        await writeFile(join(aside, name), name);
      }
      await rename(join(aside, '..'), join(world.raw, 'run1'));
      await until('what was moved in is told', () => world.told.length >= 4);
      assert.deepEqual(world.paths().slice(2).toSorted(), ['/run1/deep/b.h5', '/run1/deep/c.h5']);
      // The folder goes, and one of its name comes: what is watched is the new one.
      await rm(join(world.raw, 'run1'), { recursive: true });
      await mkdir(join(world.raw, 'run1', 'deep'), { recursive: true });
      await put(join(world.raw, 'run1', 'deep'), 'e.h5');
      await until('the new folder is watched', () => world.paths().includes('/run1/deep/e.h5'));
      assert.equal(world.told.length, 5);
    });
  }

  it('tells each file once that lay there, with odd names, times and neighbours', async (t) => {
    const world = watchWorld(t, { ...quick, existing: 'tell', ignore: ['*_dark.h5', 'tests'] });
    const names = [
      'ü\u0308 Messung.h5',
      'two\nlines.h5',
      'über.h5',
      "it's; rm -rf $HOME.h5",
      '雪.h5',
    ];
    for (const name of names) await writeFile(join(world.raw, name), 'x');
    await mkdir(join(world.raw, 'tests'));
    await writeFile(join(world.raw, 'tests', 'no.h5'), '');
    await writeFile(join(world.raw, 'a_dark.h5'), '');
    await symlink(join(world.raw, 'über.h5'), join(world.raw, 'link.h5'));
    await symlink(world.raw, join(world.raw, 'loop'));
    await symlink('nowhere', join(world.raw, 'broken.h5'));
    const future = new Date('2199-01-01T00:00:00.000Z');
    await utimes(join(world.raw, 'über.h5'), future, future);
    await world.start();
    await until('all are told', () => world.told.length >= names.length);
    await put(world.raw, 'last.h5');
    await until('news are told', () => world.paths().includes('/last.h5'));
    const expected = [...names, 'last.h5'].map((name) => `/${name}`);
    assert.deepEqual(world.paths().toSorted(), expected.toSorted());
  });

  it('tells what is quiet for long enough, wherever its clock is', async (t) => {
    const settle = { quietSeconds: 0.3 };
    const world = watchWorld(t, { pattern: '*.h5', settle });
    await world.start();
    const path = join(world.raw, 'ahead.h5');
    const future = new Date(Date.now() + 3_600_000);
    for (let part = 1; part <= 6; part += 1) {
      await appendFile(path, 'x');
      await utimes(path, future, future);
      await delay(60);
    }
    await writeFile(join(world.raw, 'gone.h5'), '');
    await unlink(join(world.raw, 'gone.h5'));
    await until('the file is told', () => world.told.length > 0);
    assert.deepEqual(
      world.told.map((file) => [file.path, file.sizeBytes]),
      [['/ahead.h5', 6]],
    );
  });

  it('is looked through where the system watches no more folders', async (t) => {
    const original = fs.watch;
    const refused = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    t.mock.method(fs, 'watch', (path: string, ...rest: never[]) => {
      if (path.includes('deep')) throw refused;
      return original(path, ...rest);
    });
    syncBuiltinESMExports();
    t.after(() => {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    });
    const world = watchWorld(t, { ...quick, rescanSeconds: null });
    await mkdir(join(world.raw, 'deep'));
    await world.start();
    await put(join(world.raw, 'deep'), 'a.h5');
    await until('it is found', () => world.paths().includes('/deep/a.h5'));
  });
});

describe('a sentinel', () => {
  for (const [sentinel, name] of [
    ['.done', 'b_2.h5.done'],
    ['{stem}.ok', 'b_2.ok'],
    ['done_{name}', 'done_b_2.h5'],
  ] as const) {
    it(`${sentinel} tells that its file is whole, whichever came first`, async (t) => {
      const world = watchWorld(t, { pattern: '*', settle: { sentinel } });
      await world.start();
      await writeFile(join(world.raw, 'a_1.h5'), 'a');
      await writeFile(join(world.raw, 'b_2.h5'), 'b');
      await writeFile(join(world.raw, name), '');
      await until('the file is told', () => world.told.length > 0);
      await writeFile(join(world.raw, name.replace('b_2', 'c_3')), '');
      await writeFile(join(world.raw, 'c_3.h5'), 'c');
      await until('the next one is told', () => world.told.length > 1);
      assert.deepEqual(world.paths(), ['/b_2.h5', '/c_3.h5']);
    });
  }
});

/** The first bytes of an HDF5 file of version 3, open for writing or closed. */
function superblock(isOpen: boolean, sizeBytes: number): Buffer {
  const block = Buffer.alloc(48, 0xff);
  Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 3, 8, 8, isOpen ? 5 : 0]).copy(
    block,
  );
  block.writeBigUInt64LE(0n, 12);
  block.writeBigUInt64LE(BigInt(sizeBytes), 28);
  return block;
}

describe('an HDF5 file that grows', () => {
  it('is told when its writer has closed it, and again when it was opened again', async (t) => {
    const settle = { hdf5: 'closed', quietSeconds: 0.1 };
    const world = watchWorld(t, { pattern: '*.h5', settle });
    await world.start();
    const path = join(world.raw, 'scan_3.h5');
    await writeFile(path, superblock(true, 48));
    const handle = await fs.promises.open(path, 'r+');
    t.after(() => handle.close());
    for (let frame = 0; frame < 5; frame += 1) {
      await handle.write(Buffer.alloc(100), 0, 100, 48 + frame * 100);
      await delay(60);
    }
    assert.deepEqual(world.paths(), []);
    await handle.write(superblock(false, 548), 0, 48, 0);
    await until('it is told', () => world.told.length === 1);
    await handle.write(superblock(true, 548), 0, 48, 0);
    await handle.write(Buffer.alloc(100), 0, 100, 548);
    await delay(150);
    assert.equal(world.told.length, 1);
    await handle.write(superblock(false, 648), 0, 48, 0);
    await until('its next version is told', () => world.told.length === 2);
    assert.deepEqual(
      world.told.map(({ sizeBytes }) => sizeBytes),
      [548, 648],
    );
  });

  it('is not told while it is shorter than it says, or no HDF5 file', async (t) => {
    const settle = { hdf5: 'closed', quietSeconds: 0.05 };
    const world = watchWorld(t, { pattern: '*.h5', settle });
    await world.start();
    await writeFile(join(world.raw, 'cut.h5'), superblock(false, 5000));
    await writeFile(join(world.raw, 'text.h5'), 'not yet');
    await writeFile(join(world.raw, 'whole.h5'), superblock(false, 48));
    await until('the whole one is told', () => world.told.length > 0);
    await delay(200);
    assert.deepEqual(world.paths(), ['/whole.h5']);
  });
});

describe('a folder that is told as one', () => {
  const series = async (folder: string, from: number, to: number): Promise<void> => {
    await mkdir(folder, { recursive: true });
    for (let n = from; n < to; n += 1) await writeFile(join(folder, `im_${n}.tif`), 'x'.repeat(n));
  };

  it('is whole with its last file, and is told with all of them', async (t) => {
    const world = watchWorld(t, { pattern: 'scan*', unit: 'folder', settle: { files: 20 } });
    await world.start();
    await series(join(world.raw, 'scan_0007'), 0, 19);
    await series(join(world.raw, 'other'), 0, 30);
    await delay(100);
    assert.deepEqual(world.paths(), []);
    await series(join(world.raw, 'scan_0007'), 19, 20);
    await until('the folder is told', () => world.told.length > 0);
    const [folder] = world.told;
    assert.deepEqual([folder?.path, folder?.shotNumber], ['/scan_0007/', 7]);
    assert.equal(folder?.files?.length, 20);
    assert.equal(folder?.sizeBytes, 190);
    await world.stop();
    await world.start();
    await series(join(world.raw, 'scan_0008'), 0, 20);
    await until('the next one is told', () => world.told.length > 1);
    assert.deepEqual(world.paths(), ['/scan_0007/', '/scan_0008/']);
  });

  it('is whole when its sentinel is there, or nothing happened in it for a while', async (t) => {
    const watch = { pattern: 'run*/ct', unit: 'folder' };
    const bySentinel = watchWorld(t, { ...watch, settle: { sentinel: 'DONE' } });
    const bySilence = watchWorld(t, { ...watch, settle: { quietSeconds: 0.2 } });
    const worlds = [bySentinel, bySilence];
    for (const world of worlds) {
      await world.start();
      await series(join(world.raw, 'run1', 'ct', 'deep'), 0, 5);
      await series(join(world.raw, 'run2', 'ct'), 0, 5);
    }
    await writeFile(join(bySentinel.raw, 'run1', 'ct', 'DONE'), '');
    await until('the folder with a sentinel is told', () => bySentinel.told.length > 0);
    assert.deepEqual(bySentinel.paths(), ['/run1/ct/']);
    assert.equal(bySentinel.told[0]?.files?.length, 5);
    await until('quiet folders are told', () => bySilence.told.length > 1);
    assert.deepEqual(bySilence.paths().toSorted(), ['/run1/ct/', '/run2/ct/']);
  });
});
