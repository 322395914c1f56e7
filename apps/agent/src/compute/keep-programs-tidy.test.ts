import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { testFolder } from '../agent-test-kit.ts';
import { layDown } from './lay-down.ts';
import { removeOldPrograms } from './keep-programs-tidy.ts';

const dayMs = 86_400_000;
const nowMs = Date.now();

async function world(t: TestContext) {
  const pilotsFolder = testFolder(t);
  const place = join(pilotsFolder, 'program');
  const layDownOld = async (content: string, days: number): Promise<string> => {
    const source = join(pilotsFolder, 'source');
    writeFileSync(source, content);
    const folder = await layDown(place, { 'pilot.js': source });
    const at = (nowMs - days * dayMs) / 1000;
    utimesSync(folder, at, at);
    return folder;
  };
  const pilot = (name: string, file: string, text: string): void => {
    mkdirSync(join(pilotsFolder, name));
    writeFileSync(join(pilotsFolder, name, file), text);
  };
  return { pilotsFolder, place, layDownOld, pilot };
}

test('programs of pilots that nobody needs are removed after a week', async (t) => {
  const { pilotsFolder, place, layDownOld, pilot } = await world(t);
  const own = await layDownOld('own', 30);
  const unused = await layDownOld('unused', 8);
  const young = await layDownOld('young', 6);
  const queued = await layDownOld('queued', 8);
  pilot('pilot_1', 'script', `exec '${queued}/node' '${queued}/pilot.js'\n`);
  // A process whose command line names it stands for a pilot of this machine.
  const running = await layDownOld(`running ${process.pid}`, 8);
  const child = spawn('sleep', ['100'], { argv0: running });
  t.after(() => child.kill('SIGKILL'));
  pilot('pilot_2', 'process', `${child.pid}\nboot\nstat\n`);
  for (const name of ['.new-abc', '.old-def']) {
    mkdirSync(join(place, name));
    utimesSync(join(place, name), 0, 0);
  }
  mkdirSync(join(place, 'somebody-elses'));
  utimesSync(join(place, 'somebody-elses'), 0, 0);

  const removed = await removeOldPrograms({ pilotsFolder, folder: own }, nowMs);
  assert.deepEqual(removed.toSorted(), ['.new-abc', '.old-def', basename(unused)].toSorted());
  const left = [own, young, queued, running].map((path) => basename(path));
  assert.deepEqual(readdirSync(place).toSorted(), [...left, 'somebody-elses'].toSorted());
  assert.ok(Math.abs(statSync(own).mtimeMs - nowMs) < 1_000, 'others see that it is used');

  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const later = await removeOldPrograms({ pilotsFolder, folder: own }, nowMs + 2 * dayMs);
  assert.deepEqual(later.toSorted(), [basename(running), basename(young)].toSorted());
});
