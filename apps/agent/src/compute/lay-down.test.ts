import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { testFolder } from '../agent-test-kit.ts';
import { layDown } from './lay-down.ts';

test('files are laid down once for each content, also by several at once', async (t) => {
  const folder = testFolder(t);
  const [place, source] = [join(folder, 'program'), join(folder, 'source')];
  writeFileSync(source, 'one');
  const files = { 'pilot.js': source, 'deep/er/file': source };
  const places = await Promise.all(Array.from({ length: 8 }, () => layDown(place, files)));
  assert.equal(new Set(places).size, 1);
  assert.equal(readdirSync(place).length, 1, 'nothing half done is left');
  const [laid = ''] = places;
  assert.equal(readFileSync(join(laid, 'deep/er/file'), 'utf8'), 'one');
  assert.equal(statSync(join(laid, 'pilot.js')).mode & 0o777, 0o755);
  writeFileSync(source, 'two');
  const next = await layDown(place, files);
  assert.notEqual(next, laid);
  assert.equal(readFileSync(join(laid, 'pilot.js'), 'utf8'), 'one', 'running pilots keep theirs');
  writeFileSync(join(folder, 'file'), '');
  await assert.rejects(
    layDown(join(folder, 'file', 'x'), files),
    /laying down the pilots' program/,
  );
});
