import assert from 'node:assert/strict';
import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { RunEventMessage } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { atEnd, quietLog, testFolder, until } from '../agent-test-kit.ts';
import { RunEventFile } from './run-event-file.ts';

function setUp(t: TestContext) {
  const folder = testFolder(t);
  const file = join(folder, 'events.jsonl');
  const told: RunEventMessage[] = [];
  const hub = { isDown: false };
  const running: { reader: RunEventFile | null } = { reader: null };
  const stop = async (): Promise<void> => running.reader?.close();
  const start = async (): Promise<void> => {
    running.reader = new RunEventFile({
      instrument: 'tokamak',
      file,
      folder,
      log: quietLog,
      tell: (message) => {
        if (hub.isDown) return new Promise(() => undefined);
        if ('type' in message && message.type === 'runEvent') told.push(message);
        return Promise.resolve();
      },
    });
    await running.reader.start();
  };
  atEnd(t, stop);
  const say = (value: unknown) => appendFile(file, `${JSON.stringify(value)}\n`);
  return { folder, file, told, hub, start, stop, say };
}

describe('a file of run events', () => {
  it('is told line by line, whole lines only, and bad ones are passed over', async (t) => {
    const { file, told, start, say } = setUp(t);
    await start();
    await say({ kind: 'runStarted', run: 7, parameters: { energy: 12.4 } });
    await appendFile(file, 'not JSON\n{"kind": "unknown", "run": 7}\n\n{"kind": "runEn');
    await until('the first line is told', () => told.length > 0);
    await appendFile(file, 'ded", "run": 7, "at": "2026-11-21T12:00:00.000Z"}\n');
    await until('the last line is told', () => told.length > 1);
    const shown = told.map(({ kind, run, id, instrument }) => [kind, run, id, instrument]);
    assert.deepEqual(shown, [
      ['runStarted', 7, '', 'tokamak'],
      ['runEnded', 7, '', 'tokamak'],
    ]);
    assert.equal(told[1]?.at, '2026-11-21T12:00:00.000Z');
  });

  it('goes on where it was after a restart, and with a file that took its place', async (t) => {
    const { folder, file, told, hub, start, stop, say } = setUp(t);
    await start();
    await say({ kind: 'parametersSet', run: 1, parameters: { a: 1 } });
    await until('it is told', () => told.length === 1);
    await stop();
    hub.isDown = true;
    await say({ kind: 'parametersSet', run: 1, parameters: { a: 2 } });
    await start();
    await stop();
    hub.isDown = false;
    await start();
    await until('what nobody had is told', () => told.length === 2);
    await rename(file, join(folder, 'events.old'));
    await writeFile(file, `{"kind": "runEnded", "run": 1}\n`);
    await until('the new file is read', () => told.length === 3);
    assert.notEqual(told[0]?.id, told[1]?.id);
    assert.match(told[1]?.id ?? '', /^line /);
    assert.deepEqual(
      told.map(({ parameters }) => parameters),
      [{ a: 1 }, { a: 2 }, {}],
    );
  });
});
