import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { limits } from '@interpulse/domain/limits.ts';
import { withValue } from './read-value.ts';

test('the value of a job is what is in its small JSON file named result', async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), 'ip-value-'));
  t.after(() => rmSync(cwd, { recursive: true }));
  const task = { cwd, workFolder: 'scratch:/job/' };
  const output = (name: string, file: string, text: string) => {
    writeFileSync(join(cwd, file), text);
    const location = `scratch:/job/${file}`;
    return { name, location, sizeBytes: Buffer.byteLength(text), sha256: null };
  };
  const valueOf = async (name: string, file: string, text: string) =>
    (await withValue(task, [output(name, file, text)]))[0]?.value;
  assert.deepEqual(await valueOf('result', 'a.json', '{"files": ["x"], "n": 1}'), {
    files: ['x'],
    n: 1,
  });
  assert.equal(await valueOf('result', 'b.json', 'null'), null);
  assert.equal(await valueOf('other', 'a.json', '1'), undefined);
  assert.equal(await valueOf('result', 'a.txt', '1'), undefined);
  assert.equal(await valueOf('result', 'broken.json', '{"a": '), undefined);
  const large = JSON.stringify('x'.repeat(limits.jobValueBytes));
  assert.equal(await valueOf('result', 'large.json', large), undefined);
});
