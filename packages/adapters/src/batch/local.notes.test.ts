import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { makeId } from '@interpulse/domain/id.ts';
import { localBatch } from './local.ts';

describe('what the local batch system notes', () => {
  it('may be cut short by a full disk, and hides nobody', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'interpulse-local-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const pilots = ['', '{"exitC'].map((end, place) => {
      const pilotId = makeId('pilot', Date.now(), new Uint8Array(10).fill(place));
      const own = join(folder, pilotId);
      mkdirSync(own);
      // Of another boot: it has ended.
      writeFileSync(join(own, 'process'), `1\nboot\n1 (sh) S ${'1 '.repeat(30)}\n`);
      writeFileSync(join(own, 'end'), end);
      return pilotId;
    });
    const batch = localBatch(folder);
    const jobs = await batch.list();
    assert.deepEqual(
      jobs.map(({ pilotId, state, exitCode, signal }) => ({ pilotId, state, exitCode, signal })),
      pilots.map((pilotId) => ({ pilotId, state: 'ended', exitCode: null, signal: null })),
    );
    await batch.forget(pilots);
    assert.deepEqual(readdirSync(folder), []);
  });
});
