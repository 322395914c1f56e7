import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { makeId } from '@interpulse/domain/id.ts';
import { PilotNotes } from './pilot-notes.ts';

const pilotId = makeId('pilot', 0, new Uint8Array(10));

async function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'interpulse-notes-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const notes = new PilotNotes(folder);
  await notes.prepare(pilotId);
  return { notes, lock: join(folder, pilotId, 'lock'), place: join(folder, pilotId) };
}

describe('notes on pilots', () => {
  it('let one at a time submit', async (t) => {
    const { notes, place } = await setUp(t);
    const seen = { now: 0, most: 0 };
    const turn = async (): Promise<void> => {
      const unlock = await notes.lock(pilotId);
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      assert.ok(await notes.isLocked(pilotId));
      await delay(3);
      seen.now -= 1;
      await unlock();
    };
    await Promise.all(Array.from({ length: 8 }, turn));
    assert.equal(seen.most, 1);
    assert.deepEqual(readdirSync(place), []);
  });

  it('take over from a submitter that died', async (t) => {
    const { notes, lock } = await setUp(t);
    const dead = { pid: process.pid, bootId: 'another boot', startTicks: '1', host: hostname() };
    writeFileSync(lock, JSON.stringify(dead));
    assert.equal(await notes.isLocked(pilotId), false);
    const unlock = await notes.lock(pilotId);
    assert.equal(await notes.isLocked(pilotId), true);
    await unlock();
  });

  it('take over from another machine only what is old', async (t) => {
    const { notes, lock } = await setUp(t);
    const far = { pid: 1, bootId: 'far', startTicks: '1', host: 'another machine' };
    // A machine that stopped may have left no words.
    for (const text of [JSON.stringify(far), '']) {
      writeFileSync(lock, text);
      assert.equal(await notes.isLocked(pilotId), true);
      utimesSync(lock, new Date(0), new Date(0));
      assert.equal(await notes.isLocked(pilotId), false);
      await (
        await notes.lock(pilotId)
      )();
    }
  });

  it('believe the batch job that has started', async (t) => {
    const { notes, place } = await setUp(t);
    assert.equal(await notes.read(pilotId), null);
    await notes.begin(pilotId, place);
    assert.equal((await notes.read(pilotId))?.batchJobId, null);
    await notes.accept(pilotId, '7');
    assert.equal((await notes.read(pilotId))?.batchJobId, '7');
    writeFileSync(join(place, 'started'), '6\n');
    assert.equal((await notes.read(pilotId))?.batchJobId, '6');
    assert.equal((await notes.readAll()).length, 1);
    await notes.remove(pilotId);
    assert.deepEqual(await notes.readAll(), []);
  });
});
