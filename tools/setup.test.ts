import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

const stampPath = 'node_modules/.interpulse-setup';

describe('setup', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'interpulse-setup-'));
    mkdirSync(join(folder, 'tools'));
    cpSync(join(import.meta.dirname, 'setup.js'), join(folder, 'tools', 'setup.js'));
    write('package.json', { type: 'module' });
    write('package-lock.json', lock('1.0.0'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, value: unknown): void {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(value));
  }

  function lock(version: string) {
    const packages = {
      'node_modules/a': { version, integrity: `sha512-${version}` },
      'node_modules/other-platform': { version, integrity: 'sha512-x', optional: true },
    };
    return { packages };
  }

  /** Runs setup with a shell script in place of npm. */
  function setup(mode: string, npm = 'echo npm was called with "$@"; exit 7') {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    const args = [join(folder, 'tools', 'setup.js'), mode];
    return spawnSync(process.execPath, args, { encoding: 'utf8', env });
  }

  test('asks nobody when node_modules holds what the lock file wants', () => {
    write('node_modules/.package-lock.json', {
      packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-1.0.0' } },
    });
    const { status, stdout, stderr } = setup('start');
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
    assert.match(readFileSync(join(folder, stampPath), 'utf8'), /^[0-9a-f]{64}\n$/);
  });

  test('installs when the lock file has changed since', () => {
    write('node_modules/.package-lock.json', lock('1.0.0'));
    assert.equal(setup('start').status, 0);
    write('package-lock.json', lock('1.0.1'));
    const { status, stdout, stderr } = setup('start');
    assert.equal(status, 1);
    assert.match(stdout, /installing npm packages/);
    assert.match(stderr, /npm was called with ci .*\nsetup: npm could not install/);
  });

  test('refuses what npm installed beside the lock file', () => {
    const { status, stderr } = setup('start', 'exit 0');
    assert.equal(status, 1);
    assert.match(stderr, /something else than package-lock.json asks for/);
  });

  test('ends a failed preparation of the tests with a line that counts', () => {
    const { status, stdout } = setup('test');
    assert.equal(status, 1);
    assert.match(stdout, /\n0 passed, 1 failed\n$/);
  });

  test('refuses an unknown mode', () => {
    const { status, stderr } = setup('strat');
    assert.equal(status, 1);
    assert.match(stderr, /unknown mode strat/);
  });
});
