import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { findConnection, type Surroundings } from './find-connection.ts';
import { hubFolder, writeLocalAddress } from './local-hub.ts';
import { writeProfile } from './profile.ts';

const folder = mkdtempSync(join(tmpdir(), 'ip-cli-'));
after(() => rmSync(folder, { recursive: true }));

const nothing: Surroundings = {
  environment: {},
  profilePath: join(folder, 'none.json'),
  dataFolder: join(folder, 'none'),
};
const everything: Surroundings = {
  environment: { INTERPULSE_URL: 'http://env:1', INTERPULSE_TOKEN: 'env-token' },
  profilePath: join(folder, 'profile', 'config.json'),
  dataFolder: join(folder, 'data'),
};
writeProfile(everything.profilePath, { url: 'https://profile.example', token: 'profile-token' });
mkdirSync(hubFolder(everything.dataFolder), { recursive: true });
writeLocalAddress(everything.dataFolder, 'http://127.0.0.1:8765');
writeFileSync(join(hubFolder(everything.dataFolder), 'admin-token'), 'local-token\n');

test('flags win over the environment, that over the profile, that over the local folder', () => {
  const { url, token } = findConnection({ hub: 'http://flag:2/', token: 't' }, everything);
  assert.deepEqual([url, token], ['http://flag:2', 't']);
  assert.equal(findConnection({}, everything).url, 'http://env:1');
  const quiet = { ...everything, environment: {} };
  assert.equal(findConnection({}, quiet).token, 'profile-token');
  const local = { ...quiet, profilePath: nothing.profilePath };
  assert.equal(findConnection({}, local).token, 'local-token');
});

test('a token that was kept for one hub is never sent to another', () => {
  const quiet = { ...everything, environment: {} };
  assert.equal(findConnection({ hub: 'http://elsewhere' }, quiet).token, undefined);
  assert.equal(findConnection({ hub: 'http://127.0.0.1:8765' }, quiet).token, 'local-token');
});

test('without any hub the message says what to do', () => {
  assert.throws(
    () => findConnection({}, nothing),
    (error) => error instanceof DomainError && /interpulse up/.test(error.message),
  );
});

test('what is no address is refused', () => {
  assert.throws(() => findConnection({ hub: 'ftp://x' }, nothing), /not an address/);
});

test('the profile can be read by its owner only', () => {
  writeFileSync(everything.profilePath, '{}', { mode: 0o644 });
  writeProfile(everything.profilePath, { url: 'https://profile.example', token: 'profile-token' });
  assert.equal(statSync(everything.profilePath).mode & 0o777, 0o600);
});
