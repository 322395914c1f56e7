import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { processesWith, until } from '../pilot-test-kit.ts';
import { plainStarter } from './plain-starter.ts';
import { posixStarter } from './posix-starter.ts';
import { readLines } from './line-stream.ts';
import type { OnProcessEnd, ProcessEnd, ProcessStarter } from './process-starter.ts';
import type { SpawnerOrder, SpawnerWord } from './spawner-messages.ts';

const folder = mkdtempSync(join(tmpdir(), 'interpulse-spawner-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const program = fileURLToPath(new URL('../main.ts', import.meta.url));
const PATH = process.env['PATH'] ?? '';

const starters: Record<string, (onEnd: OnProcessEnd) => ProcessStarter | null> = {
  'posix_spawn and wait4': posixStarter,
  "Node's spawn": plainStarter,
};

for (const [name, make] of Object.entries(starters)) {
  const ends = new Map<number, ProcessEnd>();
  const starter = make((pid, end) => ends.set(pid, end));
  const skip = starter === null ? 'this platform has no koffi' : false;
  const keep = setInterval(() => undefined, 1000);
  after(() => clearInterval(keep));

  async function run(argv: string[], environment: Record<string, string> = { PATH }) {
    const stdout = openSync(join(folder, 'stdout'), 'w');
    const stderr = openSync(join(folder, 'stderr'), 'w');
    try {
      const order = { argv, cwd: folder, environment, stdout, stderr };
      const pid = await starter?.start(order);
      assert.ok(pid !== undefined);
      return { pid, end: await until(`${argv[0]} ends`, () => ends.get(pid)) };
    } finally {
      closeSync(stdout);
      closeSync(stderr);
    }
  }
  const said = (file: string) => readFileSync(join(folder, file), 'utf8');

  describe(`starting by ${name}`, { skip }, () => {
    it('gives a process its words, folder, environment and files, and nothing else', async () => {
      const script = 'pwd; echo "$1|$X|$HOME"; echo e >&2; ls -l /proc/self/fd; exit 3';
      const { end } = await run(['sh', '-c', script, 'sh', 'a "b" $c'], { PATH, X: 'ü' });
      assert.equal(end.exitCode, 3);
      const [where, words, ...files] = said('stdout').trim().split('\n');
      assert.equal(where, folder);
      assert.equal(words, 'a "b" $c|ü|');
      assert.equal(said('stderr'), 'e\n');
      // The logs are there once: as its stdout and its stderr.
      assert.equal(files.filter((line) => line.includes(folder)).length, 2, files.join('\n'));
    });

    it('makes it the head of a session, with no signal ignored', async () => {
      const { pid } = await run(['cat', '/proc/self/stat', '/proc/self/status']);
      const text = said('stdout');
      const [, , parent, group, session] = text.slice(text.lastIndexOf(') ') - 1).split(' ');
      assert.deepEqual([Number(group), Number(session)], [pid, pid], `child of ${parent}`);
      assert.match(text, /^SigIgn:\s+0+$/m);
      assert.match(text, /^SigBlk:\s+0+$/m);
    });

    it('says why a process cannot be started', async () => {
      const code = (wanted: string) => (error: unknown) =>
        error instanceof Error && 'code' in error && error.code === wanted;
      await assert.rejects(run(['no-such-program']), code('ENOENT'));
      writeFileSync(join(folder, 'plain'), 'text', { mode: 0o644 });
      await assert.rejects(run(['./plain']), code('EACCES'));
      await assert.rejects(run(['true', 'x'.repeat(3_000_000)]), code('E2BIG'));
    });

    it('runs a script that does not say what reads it', async () => {
      writeFileSync(join(folder, 'script'), 'echo "got $1"\n', { mode: 0o755 });
      const { end } = await run(['./script', 'word']);
      assert.equal(end.exitCode, 0);
      assert.equal(said('stdout'), 'got word\n');
    });

    it('tells the signal that ended it', async () => {
      assert.equal((await run(['sh', '-c', 'kill -TERM $$'])).end.signal, 'SIGTERM');
    });

    if (starter?.isExact !== true) return;
    it('tells what it used', async () => {
      const busy =
        'let s = 0; const e = performance.now() + 300; while (performance.now() < e) s++;';
      const { end } = await run([process.execPath, '-e', `Buffer.alloc(3e8, 1); ${busy}`]);
      assert.ok((end.cpuSeconds ?? 0) > 0.05 && (end.cpuSeconds ?? 0) < 20, `${end.cpuSeconds} s`);
      const peak = end.peakMemoryBytes ?? 0;
      assert.ok(peak > 3e8 && peak < 5e8, `${peak} bytes`);
      const small = (await run(['true'])).end.peakMemoryBytes ?? 0;
      assert.ok(small > 0 && small < 2e7, `${small} bytes`);
    });
  });
}

interface OwnSpawner {
  child: ChildProcess;
  words: SpawnerWord[];
  order: (order: SpawnerOrder) => void;
}

function startOwn(t: TestContext, mark: string): OwnSpawner {
  const child = spawn(process.execPath, [program, 'spawner'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const words: SpawnerWord[] = [];
  readLines(child.stdout, (line) => words.push(JSON.parse(line) as SpawnerWord));
  const tell = (value: object) => child.stdin.write(`${JSON.stringify(value)}\n`);
  tell({ mark, environment: { PATH }, callBack: null });
  return { child, words, order: tell };
}

describe('a spawner', () => {
  it('samples all processes of a task, and hears of its end', async (t) => {
    const { words, order } = startOwn(t, 'mark-a');
    const script = 'globalThis.kept = Buffer.alloc(1e8, 1); setTimeout(() => {}, 1500)';
    const node = `${process.execPath} -e '${script}'`;
    const argv = ['sh', '-c', `${node} & ${node} & wait`];
    order({ do: 'spawn', id: 1, argv, cwd: join(folder, 'new', 'work'), environment: {} });
    const end = await until('it ends', () => words.find(({ is }) => is === 'ended'));
    assert.ok(end.is === 'ended' && end.exitCode === 0);
    // Two at a time: more than the greatest of them.
    assert.ok((end.peakMemoryBytes ?? 0) > 2e8, `${end.peakMemoryBytes} bytes`);
    assert.deepEqual(
      words.map(({ is }) => is),
      ['ready', 'began', 'ended'],
    );
  });

  it('signals at once what it was just told to start', async (t) => {
    const { words, order } = startOwn(t, 'mark-b');
    order({ do: 'spawn', id: 1, argv: ['sleep', '100'], cwd: folder, environment: {} });
    order({ do: 'signal', id: 1, signal: 'SIGTERM' });
    const end = await until('it ends', () => words.find(({ is }) => is === 'ended'));
    assert.ok(end.is === 'ended' && end.signal === 'SIGTERM');
  });

  it('outlives signals that are meant for tasks, and ends with its pilot', async (t) => {
    const { child, words, order } = startOwn(t, 'mark-c');
    const word = `300.${process.pid}5`;
    // Without its environment only the list of groups finds it.
    const argv = ['env', '-i', '/bin/sleep', word];
    order({ do: 'spawn', id: 1, argv, cwd: folder, environment: {} });
    await until('it runs', () => words.some(({ is }) => is === 'began'));
    for (const name of ['SIGTERM', 'SIGUSR1', 'SIGHUP'] as const) child.kill(name);
    order({ do: 'spawn', id: 2, argv: ['true'], cwd: folder, environment: {} });
    await until('it still works', () => words.some(({ is }) => is === 'ended'));
    assert.equal(processesWith(`/bin/sleep ${word}`).length, 1);
    child.stdin?.end();
    await once(child, 'exit');
    await until('nothing is left', () => processesWith(`/bin/sleep ${word}`).length === 0);
  });

  it('sweeps what is left of a task by its environment', async (t) => {
    const { words, order } = startOwn(t, 'mark-d');
    const word = `300.${process.pid}6`;
    const environment = { INTERPULSE_JOB_ID: `job_${word}` };
    const argv = ['sh', '-c', `setsid sleep ${word} >/dev/null 2>&1 & sleep 0.1`];
    order({ do: 'spawn', id: 1, argv, cwd: folder, environment });
    await until('it ends', () => words.some(({ is }) => is === 'ended'));
    assert.equal(processesWith(`sleep ${word}`).length, 1);
    order({ do: 'sweep', id: 9, words: [`INTERPULSE_JOB_ID=job_${word}`] });
    await until('nothing is left', () => processesWith(`sleep ${word}`).length === 0);
  });
});
