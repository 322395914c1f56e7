import assert from 'node:assert/strict';
import { mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { explainFailure } from './explain-failure.ts';
import { hydrateSymlinks } from './find-binaries.ts';

const explain = (stderr: string) =>
  explainFailure({ program: 'postgres', folder: '/data', stderr, ending: 'code 1' });

test('what PostgreSQL writes before it ends becomes a message that says what to do', () => {
  const full = explain(
    'FATAL:  could not write lock file "postmaster.pid": No space left on device',
  );
  assert.equal(full.kind, 'exhausted');
  assert.match(full.message, /disk under \/data is full/);
  const versions = explain(`FATAL:  database files are incompatible with server
DETAIL:  The data directory was initialized by PostgreSQL version 15, \
which is not compatible with this version 18.4.`);
  assert.equal(versions.kind, 'conflict');
  assert.match(versions.message, /made by PostgreSQL 15.*version 18\.4/);
  const socket = explain('FATAL:  could not create any Unix-domain sockets');
  assert.equal(socket.kind, 'conflict');
  const rights = explain('FATAL:  data directory "/data/pg" has wrong ownership');
  assert.match(rights.message, /belong to the user/);
  const other = explain('FATAL:  something new');
  assert.equal(other.kind, 'unavailable');
  assert.match(other.message, /something new/);
  assert.match(String(other.cause), /code 1/);
});

test('links that npm could not carry are made, and made only once', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'interpulse-links-'));
  t.after(() => rm(folder, { recursive: true }));
  mkdirSync(join(folder, 'native', 'lib'), { recursive: true });
  writeFileSync(join(folder, 'native', 'lib', 'libx.so.1.2'), 'x');
  const links = ['libx.so.1', 'libx.so'].map((name) => ({
    source: 'native/lib/libx.so.1.2',
    target: `native/lib/${name}`,
  }));
  writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  assert.equal(await hydrateSymlinks(folder), 2);
  assert.equal(readlinkSync(join(folder, 'native', 'lib', 'libx.so.1')), 'libx.so.1.2');
  assert.equal(await hydrateSymlinks(folder), 0);
});
