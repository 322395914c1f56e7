import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { Question } from '@interpulse/api/agent-messages/questions.ts';
import { writeHdf5 } from '@interpulse/formats/hdf5/write-hdf5.ts';
import { startAgent } from './agent.ts';
import {
  atEnd,
  FakeHub,
  leaseOf,
  quietLog,
  testConfig,
  testFolder,
  testIdentity,
  until,
} from './agent-test-kit.ts';
import type { AgentConfigInput } from './config/agent-config.ts';
import { writeAgentIdentity } from './hub/agent-identity.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

async function setUp(t: TestContext, more: Partial<AgentConfigInput> = {}) {
  const folder = testFolder(t);
  const hub = await FakeHub.start(t);
  const identity = testIdentity();
  const config = testConfig(folder, hub.url, more);
  const agent = await startAgent(config, identity, quietLog);
  atEnd(t, () => agent.close({ endPilots: true }));
  return { folder, hub, identity, config, agent };
}

function events(hub: FakeHub, jobId: string): string[] {
  return hub
    .reports()
    .filter((report) => report.jobId === jobId)
    .map(({ event }) => event);
}

/** A start whose end is told with it is not told besides. */
function ends(hub: FakeHub, jobId: string): string[] {
  return events(hub, jobId).filter((event) => event !== 'started');
}

describe('an agent', () => {
  it('says everything that it is when it connects', async (t) => {
    const { hub } = await setUp(t);
    const state = await until('the state comes', () => hub.all('agentState')[0]);
    assert.equal(state.compute?.pools[0]?.coresPerNode, 2);
    assert.deepEqual(state.collections, [{ name: 'scratch', title: '', writable: true }]);
    assert.deepEqual(state.pilots, []);
  });

  it('runs what is leased to its pilot, with inputs and outputs as files', async (t) => {
    const { hub, identity, folder } = await setUp(t);
    writeFileSync(join(folder, 'scratch', 'in put.txt'), 'hello');
    const { pilotId, session } = await hub.startPilot(identity);
    const lease = leaseOf(['sh', '-c', 'cat "$1" > out.txt; echo $2', 'sh', '{data}', '{word}'], {
      parameters: { word: 'a {b}' },
      inputs: { data: 'scratch:/in put.txt' },
      outputs: [{ name: 'answer', path: '*.txt', required: true }],
    });
    await session.send({ type: 'leases', pilotId, jobs: [lease] });
    const end = await until('the job ends', () =>
      hub.reports().find(({ event }) => event !== 'started'),
    );
    assert.equal(end.event, 'completed', end.reason ?? '');
    const location = `${lease.workFolder}/out.txt`;
    const sha256 = createHash('sha256').update('hello').digest('hex');
    assert.deepEqual(end.outputs, [{ name: 'answer', location, sizeBytes: 5, sha256 }]);
    assert.deepEqual(ends(hub, lease.jobId), ['completed']);
    const log = { ask: 'jobLog', jobId: lease.jobId, workFolder: lease.workFolder } as const;
    const asked = { stream: 'stdout', maxBytes: 4, afterBytes: null, waitSeconds: 0 } as const;
    const question: Question = { ...log, ...asked };
    const told = await session.request(question, { timeoutMs: 5000 });
    assert.equal(Buffer.from(told.attachment ?? []).toString(), 'b}\n'.padStart(4, '{'));
  });

  it('reports what cannot be made ready, and cancels what has not begun', async (t) => {
    const { hub, identity } = await setUp(t);
    const { pilotId, session } = await hub.startPilot(identity);
    const unfilled = leaseOf(['echo', '{nothing}']);
    const missing = leaseOf(['cat', '{data}'], { inputs: { data: 'scratch:/none' } });
    const canceled = leaseOf(['sleep', '100']);
    await session.send({ type: 'leases', pilotId, jobs: [unfilled, missing, canceled] });
    const { jobId, attempt } = canceled;
    await session.send({ type: 'cancelJobs', jobs: [{ jobId, attempt, pilotId }] });
    await until('all have ended', () => hub.reports().some(({ event }) => event === 'canceled'));
    await until('all have failed', () => {
      return hub.reports().filter(({ event }) => event === 'failed').length === 2;
    });
    const reasons = hub.reports().map(({ reason }) => reason ?? '');
    assert.ok(reasons.some((reason) => /needs a value for "nothing"/.test(reason)));
    assert.ok(reasons.some((reason) => /none/.test(reason)));
  });

  it('submits a pilot once, releases it, and tells that it has ended', async (t) => {
    const { hub, identity } = await setUp(t);
    const { pilotId, session } = await hub.startPilot(identity);
    const submit = [{ pilotId, pool: 'default', nodes: 1, walltimeSeconds: 600 }];
    await session.send({ type: 'pilotOrders', submit, release: [] });
    await session.send({ type: 'pilotOrders', submit: [], release: [pilotId] });
    await until('the pilot ends', () => hub.pilotEvents(pilotId).includes('ended'));
    await session.send({ type: 'pilotOrders', submit, release: [] });
    const other = await hub.startPilot(identity);
    assert.ok(!hub.pilotEvents(pilotId).slice(-1).includes('running'));
    assert.notEqual(other.pilotId, pilotId);
  });

  it('tells at once that a pilot was killed, after all that it had said', async (t) => {
    const { hub, identity, config } = await setUp(t);
    const { pilotId, session } = await hub.startPilot(identity);
    const lease = leaseOf(['sleep', '100']);
    await session.send({ type: 'leases', pilotId, jobs: [lease] });
    await until('the job runs', () => events(hub, lease.jobId).includes('started'));
    const record = readFileSync(join(config.folder, 'pilots', pilotId, 'process'), 'utf8');
    const killedAt = performance.now();
    process.kill(Number(record.split('\n')[0]), 'SIGKILL');
    await until('the pilot is lost', () => hub.pilotEvents(pilotId).includes('lost'));
    assert.ok(performance.now() - killedAt < 10_000, 'by the batch system, not by a look at it');
    const pilots = hub.all('pilotReports').flatMap(({ reports }) => reports);
    assert.match(pilots.at(-1)?.reason ?? '', /SIGKILL/);
  });

  it('brings everything to its end over cuts of the line', async (t) => {
    const { hub, identity } = await setUp(t);
    const { pilotId, session } = await hub.startPilot(identity);
    const leases = Array.from({ length: 60 }, () => leaseOf(['true']));
    for (const lease of leases) {
      void session.send({ type: 'leases', pilotId, jobs: [lease] });
      if (lease === leases[20] || lease === leases[40]) hub.cut();
    }
    await until('all jobs end', () => {
      return hub.reports().filter(({ event }) => event === 'completed').length >= 60;
    });
    for (const { jobId } of leases) assert.deepEqual(ends(hub, jobId), ['completed']);
  });

  it('keeps to its collections when it is asked', async (t) => {
    const { hub, identity, folder } = await setUp(t);
    const root = join(folder, 'scratch');
    mkdirSync(join(root, 'sub'));
    symlinkSync('/etc', join(root, 'etc'));
    await writeHdf5(join(root, 'a.h5'), (writer) => {
      writer.dataset('/values', Float64Array.of(1, 2.5));
    });
    const session = await hub.session(identity);
    const ask = async (question: Question) => {
      const { message, attachment } = await session.request(question, { timeoutMs: 10_000 });
      return { message, attachment };
    };
    const listed = await ask({ ask: 'listFolder', location: 'scratch:/' });
    assert.ok('answer' in listed.message && listed.message.answer === 'folder');
    const names = listed.message.entries.map(({ name, type }) => `${name} ${type}`);
    assert.deepEqual(names, ['a.h5 file', 'etc other', 'sub folder']);
    const value = await ask({
      ask: 'hdf5Value',
      location: 'scratch:/a.h5',
      path: '/values',
      selection: null,
      format: 'json',
    });
    assert.deepEqual(value.message, { answer: 'json', value: { value: [1, 2.5] } });
    for (const location of ['scratch:/etc/passwd', 'scratch:/etc', 'other:/a', 'scratch:/none']) {
      const { message } = await ask({ ask: 'readFile', location, offsetBytes: 0, maxBytes: 1000 });
      assert.ok('answer' in message && message.answer === 'problem', location);
      assert.ok(['invalid', 'notFound'].includes(message.kind), message.kind);
      assert.ok(!message.message.includes(root), 'no path of this machine');
    }
  });

  it('gives way to a later one with its identity, and nothing is told twice', async (t) => {
    const { folder, hub, identity, config, agent } = await setUp(t);
    await until('the first is there', () => hub.all('agentState').length === 1);
    const other = { ...config, folder: join(folder, 'other-state') };
    const later = await startAgent(other, identity, quietLog);
    atEnd(t, () => later.close({ endPilots: true }));
    assert.match(await agent.ended, /./);
    assert.equal(agent.session.state.code, 'replaced');
    hub.said.length = 0;
    const { pilotId, session } = await hub.startPilot(identity);
    const lease = leaseOf(['true']);
    await session.send({ type: 'leases', pilotId, jobs: [lease] });
    await until('the job ends', () => ends(hub, lease.jobId).length > 0);
    assert.deepEqual(ends(hub, lease.jobId), ['completed']);
    assert.equal(later.session.state.status, 'connected');
  });

  it('gives work back while its scratch is full or in the way, and says so', async (t) => {
    const { hub, identity, folder } = await setUp(t);
    const { pilotId, session } = await hub.startPilot(identity);
    writeFileSync(join(folder, 'scratch', 'jobs'), 'a file where a folder is to be');
    const lease = leaseOf(['true']);
    await session.send({ type: 'leases', pilotId, jobs: [lease] });
    const end = await until('its end is told', () => hub.reports()[0]);
    assert.equal(end.event, 'released');
    assert.match(end.reason ?? '', /it was not started: making its work folder .* in the way/);
  });

  it('lets no two attempts work in one folder', async (t) => {
    const { hub, identity } = await setUp(t);
    const { pilotId, session } = await hub.startPilot(identity);
    const first = leaseOf(['sleep', '60']);
    const second = leaseOf(['true'], { workFolder: first.workFolder });
    await session.send({ type: 'leases', pilotId, jobs: [first, second] });
    const of = (jobId: string) => hub.reports().filter((report) => report.jobId === jobId);
    await until('both are told', () => of(first.jobId).length > 0 && of(second.jobId).length > 0);
    assert.equal(of(first.jobId)[0]?.event, 'started');
    assert.equal(of(second.jobId)[0]?.event, 'failed');
    assert.match(of(second.jobId)[0]?.reason ?? '', /is that of another attempt/);
  });

  it('refuses a second agent in its folder', async (t) => {
    const { config, identity } = await setUp(t);
    await assert.rejects(startAgent(config, identity, quietLog), /another agent works in/);
  });
});

/** An agent as a process of its own, that can be killed. */
async function startProcess(t: TestContext, path: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, path], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  atEnd(t, () => child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child;
}

describe('an agent that is killed', () => {
  it('finds its pilot again, loses no result and runs nothing twice', async (t) => {
    const folder = testFolder(t);
    const hub = await FakeHub.start(t);
    const identity = testIdentity();
    const config = testConfig(folder, hub.url, { logLevel: 'error' });
    await writeAgentIdentity(config.folder, identity);
    assert.equal(statSync(join(config.folder, 'identity.json')).mode & 0o777, 0o600);
    const path = join(folder, 'agent.json');
    writeFileSync(path, JSON.stringify(config));
    const first = await startProcess(t, path);
    const { pilotId, session } = await hub.startPilot(identity);
    const count = join(folder, 'count');
    const leases = ['go1', 'go2', 'go3'].map((go) => waitingLease(count, join(folder, go)));
    const [one, two, three] = leases;
    assert.ok(one && two && three);
    await session.send({ type: 'leases', pilotId, jobs: leases });
    await until('two run', () => readLines(count).length === 2);

    // The hub hears of the first end but cannot acknowledge it; the second comes with no agent.
    const gate = Promise.withResolvers<void>();
    hub.onMessage = (message) => {
      const isEnd =
        'type' in message &&
        message.type === 'jobReports' &&
        message.reports.some(({ event }) => event === 'completed');
      return isEnd ? gate.promise : Promise.resolve();
    };
    writeFileSync(join(folder, 'go1'), '');
    await until('its end is told', () => events(hub, one.jobId).includes('completed'));
    first.kill('SIGKILL');
    await once(first, 'exit');
    writeFileSync(join(folder, 'go2'), '');
    hub.said.length = 0;
    hub.onMessage = () => Promise.resolve();
    gate.resolve();
    const second = await startProcess(t, path);
    const state = await until('the state comes', () => hub.all('agentState')[0]);
    assert.deepEqual(
      state.pilots.map((pilot) => [pilot.pilotId, pilot.event]),
      [[pilotId, 'running']],
    );
    // As the hub does: everything that it still believes to be leased comes again.
    const again = await hub.session(identity);
    await again.send({ type: 'leases', pilotId, jobs: leases });
    writeFileSync(join(folder, 'go3'), '');
    await until('all have ended', () =>
      leases.every(({ jobId }) => events(hub, jobId).includes('completed')),
    );
    assert.equal(readLines(count).length, 3);
    for (const { jobId } of leases) {
      const ends = events(hub, jobId).filter((event) => event !== 'started');
      assert.deepEqual(ends, ['completed']);
    }
    await again.send({ type: 'pilotOrders', submit: [], release: [pilotId] });
    await until('the pilot ends', () => hub.pilotEvents(pilotId).includes('ended'));
    second.kill('SIGTERM');
    await once(second, 'exit');
  });
});

/** A job that counts itself, then waits for a file. */
function waitingLease(count: string, go: string): Lease {
  const script = `echo x >> "$1"; while [ ! -e "$2" ]; do sleep 0.01; done`;
  return leaseOf(['sh', '-c', script, 'sh', count, go], {
    outputs: [{ name: 'log', path: 'stdout', required: true }],
  });
}

function readLines(path: string): string[] {
  const { stdout } = spawnSync('cat', [path], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}
