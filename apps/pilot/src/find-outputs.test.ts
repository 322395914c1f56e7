import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { findOutputs } from './find-outputs.ts';

const base = mkdtempSync(join(tmpdir(), 'interpulse-outputs-'));
after(() => rmSync(base, { recursive: true, force: true }));
const cwd = join(base, 'work');
mkdirSync(join(cwd, 'a', 'b'), { recursive: true });
mkdirSync(join(base, 'secret'));
for (const path of ['work/x.h5', 'work/a/y.h5', 'work/a/b/z.txt', 'work/.hidden', 'secret/key']) {
  writeFileSync(join(base, path), path);
}
symlinkSync('../secret', join(cwd, 'out'));
symlinkSync('../../secret/key', join(cwd, 'a', 'key'));
symlinkSync('a/y.h5', join(cwd, 'inside.h5'));
symlinkSync('.', join(cwd, 'loop'));

async function find(path: string, required = true) {
  const outputs = [{ name: 'o', path, required }];
  const found = await findOutputs({ cwd, workFolder: 'scratch:/w', outputs });
  return { paths: found.outputs.map(({ location }) => location.slice(11)), fault: found.fault };
}

describe('outputs', () => {
  it('are found by patterns within names, in order', async () => {
    assert.deepEqual((await find('*.h5')).paths, ['inside.h5', 'x.h5']);
    assert.deepEqual((await find('*/*.h5')).paths, ['a/y.h5', 'loop/inside.h5', 'loop/x.h5']);
    assert.deepEqual((await find('a/b/z.txt')).paths, ['a/b/z.txt']);
    assert.deepEqual((await find('*')).paths, ['inside.h5', 'x.h5']);
    assert.deepEqual((await find('.hid*')).paths, ['.hidden']);
  });

  it('are not found through links that lead out, and the reason is told', async () => {
    for (const path of ['out/key', 'a/key', 'out/*', '../secret/key', '/etc/passwd', 'a/../..']) {
      const found = await find(path);
      assert.deepEqual(found.paths, [], path);
      assert.notEqual(found.fault, null, path);
    }
    assert.match((await find('a/key')).fault ?? '', /leads out/);
    assert.equal((await find('nothing', false)).fault, null);
  });

  it('never lie outside of the work directory, whatever the pattern', async () => {
    const part = fc.constantFrom('..', '.', '', '*', 'a', 'out', 'loop', 'key', 'secret', '*.h5');
    const pattern = fc.array(part, { minLength: 1, maxLength: 6 }).map((all) => all.join('/'));
    await fc.assert(
      fc.asyncProperty(pattern, async (path) => {
        for (const found of (await find(path)).paths) {
          const real = realpathSync(resolve(cwd, found));
          assert.ok(real.startsWith(`${realpathSync(cwd)}/`), `${path} found ${real}`);
        }
      }),
      { numRuns: 300 },
    );
  });
});
