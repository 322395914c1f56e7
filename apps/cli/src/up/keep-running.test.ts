import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isAlive } from './is-alive.ts';
import { keepRunning } from './keep-running.ts';
import { lastLines } from './last-lines.ts';
import { startChild, type Child } from './start-child.ts';

const folder = mkdtempSync(join(tmpdir(), 'ip-keep-'));
after(() => rmSync(folder, { recursive: true }));

function program(name: string, source: string): () => Promise<Child> {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, source);
  const logFile = join(folder, `${name}.log`);
  return async () => startChild({ name, path, args: [], logFile, speaks: true });
}

const forever = "console.log('ready'); setInterval(() => undefined, 1000);";

test('a program that is killed is started again, and said so', async () => {
  const said: string[] = [];
  const pids: number[] = [];
  const start = program('forever', forever);
  const seenTwice = Promise.withResolvers<void>();
  const kept = await keepRunning({
    start: async () => {
      const child = await start();
      await child.firstLine;
      if (pids.push(child.pid) === 2) seenTwice.resolve();
      return child;
    },
    say: (text) => said.push(text),
    onGivenUp: assert.fail,
    backoffMilliseconds: 1,
  });
  process.kill(pids[0] ?? 0, 'SIGKILL');
  await seenTwice.promise;
  assert.match(said.join(), /forever ended by SIGKILL; it is started again/);
  await kept.stop();
  assert.deepEqual(pids.map(isAlive), [false, false]);
});

test('three crashes in a row are enough, and the log says why', async () => {
  const start = program('broken', "console.error('no space'); process.exit(3);");
  const reason = await new Promise<string>((resolve, reject) => {
    const options = { start, say: () => undefined, onGivenUp: resolve, backoffMilliseconds: 1 };
    keepRunning(options).catch(reject);
  });
  assert.match(reason, /broken ended with exit code 3, 3 times in a row/);
  assert.deepEqual(lastLines(join(folder, 'broken.log'), 1), ['no space']);
  assert.equal(readFileSync(join(folder, 'broken.log'), 'utf8'), 'no space\n'.repeat(3));
});

test('who ignores TERM is killed after the grace', async () => {
  const start = program('deaf', `process.on('SIGTERM', () => undefined); ${forever}`);
  const child = await start();
  await child.firstLine;
  await child.stop(50);
  assert.deepEqual(await child.ended, { code: null, signal: 'SIGKILL' });
});
