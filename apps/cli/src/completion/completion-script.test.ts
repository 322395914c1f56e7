import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createProgram } from '../create-program.ts';
import { completionScript } from './completion-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'ip-complete-'));
const items: Record<string, object[]> = {
  '/api/v1/flows': [
    { name: 'tomo', title: 'Tomography' },
    { name: 'xpcs', title: 'XPCS of\tone shot' },
  ],
  '/api/v1/flow-runs': [{ id: 'flowrun_01', flowName: 'xpcs', label: 'shot 4', status: 'FAILED' }],
};
const hub = createServer((request, response) => {
  const path = new URL(request.url ?? '', 'http://hub').pathname;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ items: items[path] ?? [], next: null }));
});

before(async () => {
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  symlinkSync(join(import.meta.dirname, '../../bin/interpulse.js'), join(folder, 'interpulse'));
  mkdirSync(join(folder, 'here', 'flow-data'), { recursive: true });
  writeFileSync(join(folder, 'here', 'my flow.yaml'), '');
});
after(() => {
  hub.close();
  rmSync(folder, { recursive: true });
});

/** What bash offers after these words; the last one is being typed. */
async function offered(words: string[], url?: string): Promise<string[]> {
  const script = [
    completionScript(createProgram(), 'bash'),
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length - 1}`,
    '_interpulse',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env['PATH']}`,
    INTERPULSE_URL: url ?? `http://127.0.0.1:${(hub.address() as AddressInfo).port}`,
    INTERPULSE_TOKEN: 'secret',
  };
  const options = { env, cwd: join(folder, 'here') };
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', script], options, (error, stdout, stderr) => {
      if (error !== null || stderr !== '') reject(error ?? new Error(stderr));
      else resolve(stdout.split('\n').filter(Boolean));
    });
  });
}

test('bash completes nouns, verbs and options', async () => {
  assert.deepEqual(await offered(['interpulse', 'flow-']), ['flow-run']);
  assert.deepEqual(await offered(['interpulse', 'job', 'ex']), ['explain']);
  assert.deepEqual(await offered(['interpulse', 'job', 'list', '--st']), ['--state']);
  assert.deepEqual(await offered(['interpulse', 'job', 'list', '--js']), ['--json']);
  assert.deepEqual(await offered(['interpulse', 'flow', 'get', '--ver']), ['--version']);
  assert.deepEqual(await offered(['interpulse', 'trigger', 'dry']), ['dry-run']);
  assert.deepEqual(await offered(['interpulse', '--json', 'site', 'po']), ['pool']);
  assert.deepEqual(await offered(['interpulse', '--hub', 'http://h', 'flow', 'di']), ['diff']);
});

test('bash completes names that the hub knows', async () => {
  assert.deepEqual(await offered(['interpulse', 'flow', 'show', '']), ['tomo', 'xpcs']);
  assert.deepEqual(await offered(['interpulse', 'flow', 'get', 't']), ['tomo']);
  assert.deepEqual(await offered(['interpulse', 'flow-run', 'list', '--flow', 'x']), ['xpcs']);
  assert.deepEqual(await offered(['interpulse', 'flow-run', 'list', '--flow', '=', 'x']), ['xpcs']);
  const waiting = ['interpulse', 'flow-run', 'wait', '--timeout', '5', 'flowrun_02', 'flow'];
  assert.deepEqual(await offered(waiting), ['flowrun_01']);
  const start = ['interpulse', 'flow-run', 'start', '--set', 'a=1', 'x'];
  assert.deepEqual(await offered(start), ['xpcs']);
});

test('a hub that is not there completes nothing, and says nothing', async () => {
  const nowhere = 'http://127.0.0.1:9';
  assert.deepEqual(await offered(['interpulse', 'flow', 'show', 't'], nowhere), []);
});

test('bash completes words and files, and nothing where only its user knows', async () => {
  const urgencies = ['urgent', 'normal', 'backfill'];
  assert.deepEqual(await offered(['interpulse', 'flow-run', 'bulk', '--urgency', '']), urgencies);
  const files = await offered(['interpulse', 'flow', 'save', '']);
  assert.deepEqual(files.toSorted(), ['flow-data', 'my flow.yaml']);
  assert.deepEqual(await offered(['interpulse', 'flow-run', 'list', '--label', '']), []);
  assert.deepEqual(await offered(['interpulse', 'completion', '']), ['bash', 'zsh', 'fish']);
});

test('every shell is served, and knows every command', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const script = completionScript(createProgram(), shell);
    for (const word of ['flow-run', 'explain', 'add-member']) assert.ok(script.includes(word));
    assert.match(script, /complete-names/);
  }
});
