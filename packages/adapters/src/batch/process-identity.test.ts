import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isAlive, parseStat, readBootId } from './process-identity.ts';

const withoutProc = existsSync('/proc/self/stat') ? false : 'this system has no /proc';

describe('the identity of a process', () => {
  it('is read from stat also when the name of the command is a trap', () => {
    const rest = Array.from({ length: 40 }, (_, index) => String(index + 4)).join(' ');
    const stat = parseStat(`7 (a) R (b) S ${rest}`);
    assert.deepEqual(stat, { state: 'S', startTicks: '22' });
    assert.equal(parseStat('nonsense'), null);
  });

  it('is not that of a later process with the same number', { skip: withoutProc }, async () => {
    const stat = parseStat(await readFile('/proc/self/stat', 'utf8'));
    const bootId = await readBootId();
    const self = { pid: process.pid, startTicks: stat?.startTicks ?? '', bootId };
    assert.equal(await isAlive(self), true);
    assert.equal(await isAlive({ ...self, startTicks: '1' }), false);
    assert.equal(await isAlive({ ...self, bootId: 'another boot' }), false);
  });
});
