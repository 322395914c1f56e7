import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  makeCollections,
  moverContract,
  planOf,
} from '@interpulse/testing/mover/mover-contract.ts';
import { localMover } from './local-mover.ts';

moverContract('local', localMover);

test('refuses to move a file onto itself', async (t) => {
  const { source } = await makeCollections(t);
  await writeFile(join(source, 'a'), 'precious');
  const summary = await localMover.move(source, source, planOf(['a']), {});
  assert.equal(summary.files[0]?.errorKind, 'invalid');
  assert.match(summary.files[0]?.reason ?? '', /same file/v);
});

test('refuses to move a folder into itself', async (t) => {
  const { source } = await makeCollections(t);
  await mkdir(join(source, 'run'));
  await writeFile(join(source, 'run/a'), 'a');
  const items = [{ sourcePath: 'run', destinationPath: 'run/copy', recursive: true }];
  const summary = await localMover.move(source, source, planOf([], { items }), {});
  assert.equal(summary.files[0]?.errorKind, 'invalid', JSON.stringify(summary));
});
