import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { testFolder } from '../agent-test-kit.ts';
import { watchSchema } from '../config/watch-config.ts';
import { WatchedPaths } from '../instrument/watch/watched-paths.ts';
import { lookAtUnits } from './look-at-units.ts';

/** What is said of files in a folder. */
function look(root: string, rule: object, told: string[] | null): Promise<string> {
  const watch = watchSchema.parse({ pattern: '**/*.h5', ...rule });
  return lookAtUnits(root, watch, new WatchedPaths(watch, []), told && new Set(told));
}

test('files that are not told are named, with what they wait for', async (t) => {
  const root = testFolder(t);
  mkdirSync(join(root, 'run1'));
  const empty = await look(root, {}, null);
  assert.equal(empty, 'nothing in / matches **/*.h5');
  writeFileSync(join(root, 'run1', 'a.nxs'), 'a');
  const others = await look(root, {}, null);
  assert.equal(others, 'nothing in / matches **/*.h5; there is /run1/a.nxs');
  for (const name of ['a.h5', 'b.h5', 'c.h5', 'c.h5.done', 'd.h5', 'e.h5', '.f.h5']) {
    writeFileSync(join(root, 'run1', name), 'no HDF5');
  }
  const settle = { sentinel: '.done' };
  const first = await look(root, { settle }, null);
  assert.match(first, /^5 files match \*\*\/\*\.h5: left alone when the agent first starts/);
  const some = await look(root, { settle }, ['/run1/a.h5', '/run1/e.h5', '/run1/gone.h5']);
  assert.deepEqual(some.split('; '), [
    '5 files match **/*.h5: 2 told, or there before',
    '/run1/b.h5 waits for b.h5.done',
    '/run1/c.h5 is whole, and is told when the agent sees it',
    '/run1/d.h5 waits for d.h5.done',
  ]);
  const none = await look(root, { settle }, []);
  assert.match(none, /; and 2 more$/);
  const torn = await look(root, { pattern: 'run1/b.h5', settle: { hdf5: 'closed' } }, []);
  assert.match(torn, /\/run1\/b\.h5 is open for writing, cut off, or no HDF5 file/);
  const busy = await look(root, { pattern: 'run1/b.h5', settle: { quietSeconds: 600 } }, []);
  assert.match(busy, /\/run1\/b\.h5 is still being written to/);
});

test('folders that are told as one are counted by their files', async (t) => {
  const root = testFolder(t);
  for (const scan of ['scan1', 'scan2']) mkdirSync(join(root, scan));
  writeFileSync(join(root, 'scan1', '1.png'), '1');
  const rule = { pattern: '*', unit: 'folder', settle: { files: 3 } };
  assert.equal(
    await look(root, rule, ['/scan2/']),
    '2 folders match *: 1 told, or there before; /scan1 has 1 of 3 files',
  );
});
