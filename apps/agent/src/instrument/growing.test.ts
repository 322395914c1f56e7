import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from '../agent-test-kit.ts';
import { watchSchema } from '../config/watch-config.ts';
import { GrowthTeller } from './growth-teller.ts';
import type { FileVersion } from './told-journal.ts';
import { watchWorld } from './watch-test-kit.ts';

const version = (sizeBytes: number, path = '/a.h5'): FileVersion => ({
  path,
  sizeBytes,
  modifiedMilliseconds: sizeBytes,
  inode: 1,
});

test('a file that is written is told of while it grows, and once when it is whole', async (t) => {
  const settle = { sentinel: '.done' };
  const world = watchWorld(t, { pattern: '*.h5', settle, growing: { everySeconds: 0.1 } });
  await world.start();
  const file = join(world.raw, 'scan_7.h5');
  await writeFile(file, 'first');
  await until('its first size is told', () => world.grown.length >= 1);
  await appendFile(file, ' and more');
  await until('it is told to have grown', () =>
    world.grown.some(({ sizeBytes }) => sizeBytes === 14),
  );
  assert.equal(world.told.length, 0);
  assert.equal(world.grown[0]?.path, '/scan_7.h5');
  await writeFile(`${file}.done`, '');
  await until('the whole file is told', () => world.told.length === 1);
  assert.equal(world.told[0]?.sizeBytes, 14);
  const sizes = world.grown.map(({ sizeBytes }) => sizeBytes);
  assert.deepEqual(
    sizes,
    [...new Set(sizes)].toSorted((a, b) => a - b),
    'each size once',
  );
});

test('one that is never quiet is told of too', async (t) => {
  const settle = { quietSeconds: 600 };
  const world = watchWorld(t, { pattern: '*.h5', settle, growing: { everySeconds: 0.1 } });
  await world.start();
  const file = join(world.raw, 'long.h5');
  await writeFile(file, 'x');
  await until('three sizes are told', () => {
    appendFileSync(file, 'x');
    return world.grown.length >= 3;
  });
});

test('only the newest size follows a pause, none twice, none of a whole file', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const told: number[] = [];
  const teller = new GrowthTeller(10, ({ sizeBytes }) => {
    told.push(sizeBytes);
    return Promise.resolve();
  });
  const pass = async (milliseconds: number): Promise<void> => {
    t.mock.timers.tick(milliseconds);
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (const size of [0, 5, 6, 7]) teller.saw(version(size));
  assert.deepEqual(told, [5]);
  await pass(10_000);
  assert.deepEqual(told, [5, 7]);
  teller.saw(version(7));
  await pass(20_000);
  assert.deepEqual(told, [5, 7]);
  teller.saw(version(3));
  assert.deepEqual(told, [5, 7, 3], 'it is written anew');
  teller.saw(version(4));
  teller.forget('/a.h5');
  await pass(10_000);
  assert.deepEqual(told, [5, 7, 3]);
  teller.close();
});

test('what cannot be seen to grow is refused', () => {
  const growing = { everySeconds: 5 };
  assert.equal(watchSchema.safeParse({ settle: 'rename', growing }).success, false);
  const folder = { unit: 'folder', settle: { files: 3 }, growing };
  assert.equal(watchSchema.safeParse(folder).success, false);
  assert.ok(watchSchema.safeParse({ settle: { hdf5: 'closed' }, growing }).success);
});
