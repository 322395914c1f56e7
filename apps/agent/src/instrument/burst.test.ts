import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { atEnd, FakeHub, testFolder, testIdentity, until } from '../agent-test-kit.ts';
import { writeAgentIdentity } from '../hub/agent-identity.ts';

const program = fileURLToPath(new URL('../main.ts', import.meta.url));

/** An agent in a process of its own, with one instrument. */
async function setUp(t: TestContext) {
  const folder = testFolder(t);
  const hub = await FakeHub.start(t);
  const raw = join(folder, 'raw');
  await mkdir(raw);
  const state = join(folder, 'state');
  await mkdir(state, { mode: 0o700 });
  await writeAgentIdentity(state, testIdentity());
  const config = {
    hub: hub.url,
    folder: state,
    logLevel: 'silent',
    collections: [{ name: 'raw', root: raw }],
    instruments: [
      {
        name: 'camera',
        collection: 'raw',
        returnTo: 'raw:/answers',
        watch: { folder: '/runs', pattern: '**/*.h5', settle: 'rename' },
      },
    ],
  };
  const path = join(folder, 'agent.json');
  await writeFile(path, JSON.stringify(config));
  const running: { agent: ChildProcess | null } = { agent: null };
  const start = (): void => {
    running.agent = spawn(process.execPath, [program, path], { stdio: 'ignore' });
  };
  const kill = async (): Promise<void> => {
    const { agent } = running;
    running.agent = null;
    if (agent === null) return;
    agent.kill('SIGKILL');
    await once(agent, 'exit');
  };
  atEnd(t, kill);
  const journal = () => readFile(join(state, 'journals', 'camera.jsonl'), 'utf8').catch(() => '');
  return { hub, raw, start, kill, journal };
}

describe('a burst of files', () => {
  it('loses none, whenever the agent is killed, and tells few twice', async (t) => {
    const { hub, raw, start, kill, journal } = await setUp(t);
    const files = 3_000;
    const told = (): number => new Set(hub.all('fileFinished').map(({ path }) => path)).size;
    start();
    await until('the agent watches', () => hub.all('agentState').length > 0);
    let isLooked = false;
    while (!isLooked) isLooked = (await journal()).split('\n').length > 2;
    let next = 0;
    const write = async (count: number): Promise<void> => {
      for (const end = Math.min(next + count, files); next < end; next += 1) {
        const folder = join(raw, 'runs', `run_${Math.floor(next / 100)}`);
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, '.part'), String(next));
        await rename(join(folder, '.part'), join(folder, `f_${next}.h5`));
      }
    };
    for (const round of [1, 2, 3]) {
      await write(300);
      await until(`some are told in round ${round}`, () => told() > next - 250);
      await kill();
      await write(200);
      start();
      await write(300);
    }
    await write(files);
    await until('all are told', () => told() === files);
    const total = hub.all('fileFinished').length;
    // What was told and not yet noted when the agent was killed is told again: the hub knows it.
    assert.ok(total < files + 1000, `${total} words of ${files} files`);
    let noted = 0;
    while (noted < files) {
      noted = new Set((await journal()).split('\n').filter((line) => line.includes('.h5'))).size;
    }
    await kill();
    start();
    const before = hub.all('fileFinished').length;
    await writeFile(join(raw, 'runs', '.part'), 'last');
    await rename(join(raw, 'runs', '.part'), join(raw, 'runs', 'last.h5'));
    await until('the last file is told', () => told() === files + 1);
    assert.equal(hub.all('fileFinished').length, before + 1);
  });
});
