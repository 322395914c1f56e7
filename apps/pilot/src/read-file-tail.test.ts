import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readFileTail } from './read-file-tail.ts';

describe('the end of a file', () => {
  it('begins with a whole character, and is none of what is no file', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'interpulse-tail-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'file');
    writeFileSync(file, 'aäöü');
    assert.equal(await readFileTail(file, 5), 'öü');
    assert.equal(await readFileTail(file, 100), 'aäöü');
    assert.equal(await readFileTail(join(folder, 'missing'), 5), null);
    // A task may have put a pipe in the place of its stderr: nobody ever writes to it.
    const pipe = join(folder, 'pipe');
    assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
    assert.equal(await readFileTail(pipe, 5), null);
    assert.equal(await readFileTail(folder, 5), null);
  });
});
