import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../agent-test-kit.ts';
import { watchSchema } from '../config/watch-config.ts';
import { watchWorld } from './watch-test-kit.ts';

describe('a folder whose watching is set up bit by bit', () => {
  it('tells a file once and whole that is written slowly, where no rule is named', async (t) => {
    const world = watchWorld(t, { pattern: '*.h5' });
    await world.start();
    for (let part = 0; part < 5; part += 1) {
      await appendFile(join(world.raw, 'slow.h5'), 'x'.repeat(100));
      await delay(50);
    }
    await until('the file is told', () => world.told.length > 0);
    assert.deepEqual(
      world.told.map(({ sizeBytes }) => sizeBytes),
      [500],
    );
  });

  it('warns of a writer that does not rename where a rename is the rule', async (t) => {
    const world = watchWorld(t, { pattern: '*.h5', settle: 'rename' });
    await world.start();
    for (const name of ['one.h5', 'two.h5']) {
      await writeFile(join(world.raw, name), 'half');
      await until('it is told', () => world.paths().includes(`/${name}`));
      await appendFile(join(world.raw, name), ' and half');
    }
    await until('the log says so', () => world.warnedOf.length > 0);
    await world.stop();
    assert.equal(world.warnedOf.length, 1, 'once');
  });

  it('leaves alone what lies where a wider pattern, or another folder, looks first', async (t) => {
    const world = watchWorld(t, { folder: '/run1', pattern: '*.h5', settle: 'rename' });
    for (const run of ['run1/deep', 'run2']) {
      await mkdir(join(world.raw, run), { recursive: true });
    }
    await world.start();
    await writeFile(join(world.raw, 'run2', 'old.h5'), 'old');
    await writeFile(join(world.raw, 'run1', 'deep', 'old.h5'), 'old');
    await world.stop();
    await writeFile(join(world.raw, 'run1', 'meanwhile.h5'), 'came while no agent ran');
    world.instrument.watch = watchSchema.parse({ pattern: '**/*.h5', settle: 'rename' });
    await world.start();
    await writeFile(join(world.raw, 'run2', 'new.h5'), 'new');
    await until('news are told', () => world.paths().includes('/run2/new.h5'));
    assert.deepEqual(world.paths(), ['/run1/meanwhile.h5', '/run2/new.h5']);
    await world.stop();
    await writeFile(join(world.raw, 'run2', 'meanwhile.h5'), 'came while no agent ran');
    await world.start();
    await until('it is told', () => world.paths().includes('/run2/meanwhile.h5'));
    assert.equal(world.told.length, 3);
  });

  it('tells what lies there where it is asked to, of a wider pattern too', async (t) => {
    const rule = { settle: 'rename', existing: 'tell' };
    const world = watchWorld(t, { pattern: '*.h5', ...rule });
    await mkdir(join(world.raw, 'run2'));
    await writeFile(join(world.raw, 'one.h5'), 'old');
    await writeFile(join(world.raw, 'run2', 'two.h5'), 'old');
    await world.start();
    await until('the first is told', () => world.told.length > 0);
    await world.stop();
    world.instrument.watch = watchSchema.parse({ pattern: '**/*.h5', ...rule });
    await world.start();
    await until('the second is told', () => world.paths().includes('/run2/two.h5'));
    assert.deepEqual(world.paths(), ['/one.h5', '/run2/two.h5']);
  });
});
