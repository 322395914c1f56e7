import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { testConfig, testFolder, testIdentity } from '../agent-test-kit.ts';
import { parseAgentConfig } from '../config/read-agent-config.ts';
import { doctor } from '../doctor/doctor.ts';
import { readAgentIdentity, writeAgentIdentity } from './agent-identity.ts';
import { enrolAgent } from './enrol-agent.ts';

async function serve(t: TestContext, status: number, answer: object): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const isKind = (kind: string) => (error: unknown) =>
  error instanceof DomainError && error.kind === kind;

describe('enrolling', () => {
  it('keeps the identity for the eyes of its owner', async (t) => {
    const folder = join(testFolder(t), 'state');
    const identity = testIdentity();
    const hub = await serve(t, 201, identity);
    assert.deepEqual(await enrolAgent(hub, 'a code', folder), identity);
    assert.deepEqual(await readAgentIdentity(folder), identity);
    assert.equal(statSync(join(folder, 'identity.json')).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it('says why not', async (t) => {
    const folder = testFolder(t);
    const hub = await serve(t, 404, { kind: 'notFound', detail: 'no such code' });
    await assert.rejects(enrolAgent(hub, 'a code', folder), isKind('notFound'));
    const stranger = await serve(t, 200, { hello: 'world' });
    await assert.rejects(enrolAgent(stranger, 'a code', folder), isKind('unavailable'));
    await assert.rejects(readAgentIdentity(folder), isKind('notFound'));
    writeFileSync(join(folder, 'identity.json'), '{');
    await assert.rejects(readAgentIdentity(folder), isKind('invalid'));
  });
});

describe('the configuration', () => {
  it('refuses unknown keys and names that lead nowhere, with the path', () => {
    const good = { hub: 'http://hub:8000/', folder: 'state' };
    const config = parseAgentConfig(good, '/base', { INTERPULSE_HUB: 'https://other' });
    assert.equal(config.hub, 'https://other');
    assert.equal(config.folder, '/base/state');
    assert.throws(() => parseAgentConfig({ ...good, colections: [] }, '/'), /colections/);
    const compute = { scratchCollection: 'none' };
    assert.throws(
      () => parseAgentConfig({ ...good, compute }, '/'),
      /compute\.scratchCollection: there is no collection "none"/,
    );
  });
});

describe('the doctor', () => {
  it('says what is in order and what is not, with what to do', async (t) => {
    const folder = testFolder(t);
    const hub = await serve(t, 404, {});
    mkdirSync(join(folder, 'apps'));
    writeFileSync(join(folder, 'apps', 'interpulse-xpcs'), '', { mode: 0o755 });
    const config = testConfig(folder, hub, {
      collections: [
        { name: 'scratch', root: join(folder, 'scratch') },
        { name: 'raw', root: join(folder, 'raw') },
      ],
      compute: { scratchCollection: 'scratch', appsPath: [join(folder, 'apps')] },
    });
    await writeAgentIdentity(config.folder, testIdentity());
    const checks = new Map((await doctor(config)).map((check) => [check.name, check]));
    for (const name of ['identity', 'hub', 'clock', 'collection scratch', 'scratch', 'shell']) {
      assert.equal(checks.get(name)?.ok, true, `${name}: ${checks.get(name)?.detail}`);
    }
    assert.equal(checks.get('app interpulse-xpcs')?.ok, true);
    const raw = checks.get('collection raw');
    assert.equal(raw?.ok, false);
    assert.match(raw?.fix ?? '', /make .*raw/);
  });
});
