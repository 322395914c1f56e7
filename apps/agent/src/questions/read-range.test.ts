import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readRange } from './read-range.ts';

describe('reading a part of a file', () => {
  it('ends where the file does, and is not held up by a pipe of that name', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'interpulse-range-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'file');
    writeFileSync(file, 'abcdef');
    assert.equal(Buffer.from(await readRange(file, 2, 10)).toString(), 'cdef');
    // A job may have put one in the place of its log: nobody ever writes to it.
    const pipe = join(folder, 'pipe');
    assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
    assert.equal((await readRange(pipe, 0, 0)).length, 0);
  });
});
