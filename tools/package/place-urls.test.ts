import assert from 'node:assert/strict';
import { test } from 'node:test';

import { placeUrls } from './place-urls.ts';

test('paths of modules become paths from the folder of all programs', () => {
  const cases = [
    ['apps/agent/src/agent.ts', '../../pilot/src/main.ts', '../lib/pilot.js'],
    ['apps/agent/src/agent.ts', '../package.json', '../package.json'],
    ['apps/cli/src/programs.ts', '../../portal/dist/index.html', '../portal/index.html'],
    ['apps/cli/src/programs.ts', '../../../flows', '../flows/'],
    [
      'packages/analysis/src/tomo/slice-crew.ts',
      './slice-worker.ts',
      '../lib/tomo-slice-worker.js',
    ],
  ] as const;
  for (const [module, target, place] of cases) {
    const text = `spawn(new URL(\n  '${target}',\n  import.meta.url,\n));`;
    assert.equal(placeUrls(module, text), `spawn(new URL('${place}', import.meta.url));`);
  }
});

test('a target that the package does not have is refused by its path', () => {
  const text = `new URL('./other-worker.ts', import.meta.url)`;
  assert.throws(() => placeUrls('apps/hub/src/main.ts', text), /no apps\/hub\/src\/other-worker/);
});

test('a module that computes paths from its own place is refused', () => {
  for (const text of [
    'join(import.meta.dirname, name)',
    'new URL(name, import.meta.url)',
    'fork(import.meta.filename)',
  ]) {
    assert.throws(() => placeUrls('apps/hub/src/main.ts', text), /a bundle cannot follow/);
  }
});

test('packages that are installed beside ours are found by their name', () => {
  const text = "fileURLToPath(import.meta.resolve('h5wasm-plugins'))";
  assert.equal(placeUrls('packages/formats/src/hdf5/hdf5-library.ts', text), text);
});
