import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readLocalHub, removeLocalAddress, writeLocalAddress } from '../connection/local-hub.ts';
import { dataFolder } from './data-folder.ts';
import { agentEnvironment } from './end-stray-pilots.ts';
import { createFacility } from './facility.ts';
import { isAlive } from './is-alive.ts';

test('a second start that fails leaves the first one as it is', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'ip-second-'));
  t.after(() => rmSync(root, { recursive: true }));
  // An agent of the first start, as its environment says.
  const env = { ...process.env, ...agentEnvironment(root) };
  const agent = spawn(process.execPath, ['-e', 'console.log(1); setInterval(Date, 1e6)'], { env });
  t.after(() => agent.kill('SIGKILL'));
  await once(agent.stdout, 'data');
  const address = join(root, 'address.json');
  const first = { url: 'http://127.0.0.1:8765', pid: agent.pid };
  writeFileSync(address, JSON.stringify(first));
  const folder = dataFolder(root);
  mkdirSync(folder.configs);
  const { signal } = new AbortController();
  const second = createFacility({
    folder,
    cores: 1,
    signal,
    say: () => undefined,
    onGivenUp: () => undefined,
  });
  await second.stop();
  removeLocalAddress(root);
  assert.ok(isAlive(agent.pid ?? 0), 'its agent runs');
  assert.equal(readLocalHub(root)?.url, first.url, 'its address is known');
  writeLocalAddress(root, 'http://127.0.0.1:1');
  removeLocalAddress(root);
  assert.equal(readLocalHub(root), undefined, 'its own goes');
});
