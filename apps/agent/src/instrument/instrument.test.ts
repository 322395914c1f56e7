import assert from 'node:assert/strict';
import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startAgent, type Agent } from '../agent.ts';
import {
  atEnd,
  FakeHub,
  quietLog,
  testConfig,
  testFolder,
  testIdentity,
  until,
} from '../agent-test-kit.ts';
import type { AgentConfigInput } from '../config/agent-config.ts';

type Instrument = NonNullable<AgentConfigInput['instruments']>[number];

/** An agent with one instrument, that can be stopped and started again. */
async function setUp(t: TestContext, { watch, ...more }: Partial<Instrument> = {}) {
  const folder = testFolder(t);
  const hub = await FakeHub.start(t);
  const identity = testIdentity();
  const raw = join(folder, 'raw');
  await mkdir(join(raw, 'answers'), { recursive: true });
  const config = testConfig(folder, hub.url, {
    compute: null,
    collections: [{ name: 'raw', root: raw }],
    instruments: [
      {
        name: 'xpcs',
        collection: 'raw',
        returnTo: 'raw:/answers/',
        watch: { settle: 'rename', ...watch },
        ...more,
      },
    ],
  });
  const running: { agent: Agent | null } = { agent: null };
  const start = async (): Promise<void> => {
    running.agent = await startAgent(config, identity, quietLog);
  };
  const stop = async (): Promise<void> => {
    await running.agent?.close({ endPilots: false });
    running.agent = null;
  };
  atEnd(t, stop);
  await start();
  const known = (): string => readFileSync(join(config.folder, 'journals', 'xpcs.jsonl'), 'utf8');
  return { hub, raw, start, stop, known };
}

/** Writes as a detector does: under another name first. */
async function put(folder: string, name: string, content = name): Promise<void> {
  await writeFile(join(folder, `.${name}.part`), content);
  await rename(join(folder, `.${name}.part`), join(folder, name));
}

const paths = (hub: FakeHub): string[] => hub.all('fileFinished').map(({ path }) => path);

describe('a watched instrument', () => {
  it('tells of a renamed file at once, with its shot number, and not of answers', async (t) => {
    const { hub, raw } = await setUp(t, { watch: { pattern: '**/*.nxs' } });
    await put(join(raw, 'answers'), 'result_1.nxs');
    await put(raw, 'run2_shot_0017.nxs', 'twelve bytes');
    await writeFile(join(raw, 'notes.txt'), 'no');
    const [told] = await until('the file is told', () => {
      const all = hub.all('fileFinished');
      return all.length > 0 && all;
    });
    assert.equal(told?.path, '/run2_shot_0017.nxs');
    assert.equal(told?.shotNumber, 17);
    assert.equal(told?.sizeBytes, 12);
    const latencyMs = Date.parse(told?.closedAt ?? '') - Date.parse(told?.modifiedAt ?? '');
    assert.ok(latencyMs < 1000, `${latencyMs} ms after it was whole`);
    await put(raw, 'run2_shot_0018.nxs');
    await until('the next file is told', () => hub.all('fileFinished').length > 1);
    assert.deepEqual(paths(hub), ['/run2_shot_0017.nxs', '/run2_shot_0018.nxs']);
  });

  it('tells after a restart what came meanwhile, once, and nothing that was known', async (t) => {
    const { hub, raw, start, stop, known } = await setUp(t, { watch: { pattern: '*.nxs' } });
    await put(raw, 'a1.nxs');
    await until('the first file is known', () => known().includes('a1.nxs'));
    await stop();
    await put(raw, 'a2.nxs');
    await put(raw, 'a1.nxs', 'written anew');
    await start();
    await until('both files are known', () => {
      return known().includes('a2.nxs') && known().split('a1.nxs').length === 3;
    });
    assert.deepEqual(paths(hub).slice(1).toSorted(), ['/a1.nxs', '/a2.nxs']);
    await stop();
    await start();
    await put(raw, 'a3.nxs');
    await until('the last file is told', () => paths(hub).includes('/a3.nxs'));
    assert.equal(paths(hub).length, 4);
  });

  it('tells again what the hub had not acknowledged when the agent ended', async (t) => {
    const { hub, raw, start, stop } = await setUp(t, { watch: { pattern: '*.nxs' } });
    hub.onMessage = (message) =>
      'type' in message && message.type === 'fileFinished'
        ? new Promise(() => undefined)
        : Promise.resolve();
    await put(raw, 'a1.nxs');
    await until('the file is told', () => paths(hub).length === 1);
    await stop();
    hub.onMessage = () => Promise.resolve();
    await start();
    await until('the file is told again', () => paths(hub).length === 2);
  });

  it('misses none of 500 files that appear in folders made for them', async (t) => {
    const { hub, raw } = await setUp(t, { watch: { folder: '/runs', pattern: '**/*.h5' } });
    for (let run = 0; run < 10; run += 1) {
      const folder = join(raw, 'runs', `run${run}`, 'deep');
      await mkdir(folder, { recursive: true });
      await Promise.all(Array.from({ length: 50 }, (_, n) => put(folder, `f${n}.h5`)));
    }
    await until('all files are told', () => paths(hub).length >= 500);
    assert.equal(new Set(paths(hub)).size, 500);
    assert.equal(paths(hub).length, 500);
  });

  it('waits until a file has been quiet', async (t) => {
    const { hub, raw } = await setUp(t, {
      watch: { pattern: '*.h5', settle: { quietSeconds: 0.3 } },
    });
    const path = join(raw, 'slow_3.h5');
    for (let part = 0; part < 8; part += 1) {
      await appendFile(path, 'x'.repeat(100));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await until('the file is told', () => paths(hub).length > 0);
    assert.equal(hub.all('fileFinished')[0]?.sizeBytes, 800);
    assert.equal(paths(hub).length, 1);
  });

  it('waits for the sentinel beside a file', async (t) => {
    const { hub, raw } = await setUp(t, {
      watch: { pattern: '*.h5', settle: { sentinel: '.done' } },
    });
    await writeFile(join(raw, 'a.h5'), 'aaa');
    await writeFile(join(raw, 'b.h5'), 'bb');
    await writeFile(join(raw, 'b.h5.done'), '');
    await until('the file is told', () => paths(hub).length > 0);
    assert.deepEqual(paths(hub), ['/b.h5']);
  });

  it('leaves old data alone when a folder is watched for the first time', async (t) => {
    const folder = testFolder(t);
    const raw = join(folder, 'raw');
    await mkdir(raw);
    await put(raw, 'old_1.nxs');
    const hub = await FakeHub.start(t);
    const config = testConfig(folder, hub.url, {
      compute: null,
      collections: [{ name: 'raw', root: raw }],
      instruments: [
        {
          name: 'xpcs',
          collection: 'raw',
          returnTo: 'raw:/answers/',
          watch: { settle: 'rename' },
        },
      ],
    });
    const agent = await startAgent(config, testIdentity(), quietLog);
    atEnd(t, () => agent.close({ endPilots: false }));
    await put(raw, 'new_2.nxs');
    await until('the new file is told', () => paths(hub).length > 0);
    assert.deepEqual(paths(hub), ['/new_2.nxs']);
  });
});

describe('a simulated instrument', () => {
  it('takes shots by a steady clock, tells each pulse, and goes on after a restart', async (t) => {
    const { hub, start, stop } = await setUp(t, {
      watch: { pattern: 'shot_*.nxs' },
      simulate: { periodSeconds: 0.4, rows: 16, columns: 16, frames: 4 },
    });
    await until('three shots are recorded', () => paths(hub).length >= 3);
    await stop();
    const taken = hub.all('shotTaken');
    assert.deepEqual(
      taken.slice(0, 3).map(({ shotNumber }) => shotNumber),
      [1, 2, 3],
    );
    for (const { takenAt, nextShotAt } of taken) {
      assert.equal(Date.parse(nextShotAt ?? '') - Date.parse(takenAt), 400);
    }
    const count = taken.length;
    await start();
    await until('another shot is taken', () => hub.all('shotTaken').length > count);
    assert.equal(hub.all('shotTaken')[count]?.shotNumber, (taken.at(-1)?.shotNumber ?? 0) + 1);
  });
});
