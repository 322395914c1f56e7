import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { appSchema } from '@interpulse/domain/app/app.ts';

const folder = mkdtempSync(join(tmpdir(), 'ip-cli-'));
after(() => rmSync(folder, { recursive: true }));
const launcher = resolve(import.meta.dirname, '../bin/interpulse.js');

/** Runs the command line in an empty folder, where no hub is known. */
function interpulse(...args: string[]) {
  const environment = { ...process.env, XDG_CONFIG_HOME: folder, INTERPULSE_URL: '' };
  const options = { cwd: folder, env: environment, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, [launcher, ...args], options);
}

test('--help lists the nouns and ends well', () => {
  const { status, stdout } = interpulse('--help');
  assert.equal(status, 0);
  for (const noun of ['up', 'doctor', 'flow-run', 'transfer']) assert.ok(stdout.includes(noun));
});

test('a wrong word ends with 2 and a suggestion', () => {
  const { status, stderr } = interpulse('job', 'lits');
  assert.equal(status, 2);
  assert.match(stderr, /interpulse: unknown command 'lits'\n\(Did you mean list\?\)/);
});

test('a number that is none is said in one line', () => {
  const { status, stderr } = interpulse('up', '--port', 'x');
  assert.equal(status, 2);
  assert.equal(stderr, 'interpulse: --port: "x" is not a whole number\n');
  const submit = interpulse('job', 'submit', '--app', 'fit', '--walltime', '5x');
  const known = 'seconds, or 10m, 2h, 1d';
  assert.equal(
    submit.stderr,
    `interpulse: --walltime: "5x" is no length of time; write ${known}\n`,
  );
});

test('without a hub the error says how to get one, as text and as JSON', () => {
  assert.match(interpulse('job', 'list').stderr, /start one with `interpulse up`/);
  const { status, stderr } = interpulse('job', 'list', '--json');
  assert.equal(status, 2);
  assert.equal(JSON.parse(stderr).error.kind, 'invalid');
});

test('a hub that is not there is unavailable', () => {
  // Port 1 belongs to nobody.
  const { status, stderr } = interpulse('site', 'list', '--hub', 'http://127.0.0.1:1');
  assert.equal(status, 5);
  assert.match(stderr, /cannot reach the hub at http:\/\/127\.0\.0\.1:1/);
});

test('doctor goes through everything, also without a hub', () => {
  const { status, stdout } = interpulse('doctor', '--json', '--port', '0');
  assert.equal(status, 1);
  const findings = JSON.parse(stdout) as { name: string; ok: boolean; mend: string }[];
  const names = findings.map(({ name }) => name);
  assert.deepEqual(names.slice(0, 2), ['node', 'database programs']);
  const hub = findings.find(({ name }) => name === 'hub');
  assert.equal(hub?.ok, false);
  assert.match(hub?.mend ?? '', /interpulse up/);
});

test('the apps that are shipped are apps', () => {
  const apps = resolve(import.meta.dirname, '../../../examples/apps');
  for (const name of readdirSync(apps)) {
    const app = appSchema.parse(JSON.parse(readFileSync(join(apps, name), 'utf8')));
    assert.equal(name, `${app.name}.app.json`);
  }
});
