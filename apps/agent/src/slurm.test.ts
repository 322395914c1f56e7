import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { startSlurm, type TestSlurm } from '@interpulse/testing/slurm/start-slurm.ts';
import { whyNoSlurm } from '@interpulse/testing/slurm/why-no-slurm.ts';
import { startAgent } from './agent.ts';
import {
  atEnd,
  FakeHub,
  leaseOf,
  newId,
  quietLog,
  testConfig,
  testFolder,
  testIdentity,
  until,
} from './agent-test-kit.ts';
import { tryPilots } from './doctor/try-pilot.ts';
import { doctor } from './doctor/doctor.ts';

const pools = [
  { name: 'demand', queue: 'demand', urgencies: ['urgent'] },
  { name: 'free', queue: 'preemptable', preemptable: true, settings: { nodesPerPilot: 2 } },
];

describe('a site with Slurm', { skip: whyNoSlurm() }, () => {
  let slurm: TestSlurm;
  before(async () => {
    slurm = await startSlurm({ nodes: 2 });
  });
  after(() => slurm.stop());

  const setUp = async (t: TestContext) => {
    const folder = testFolder(t);
    const hub = await FakeHub.start(t);
    const identity = testIdentity();
    const compute = {
      batch: 'slurm',
      cores: 8,
      pools,
      scratchCollection: 'scratch',
      allowsCommands: true,
      scheduler: { environment: { SLURM_CONF: slurm.conf } },
      listen: { host: '127.0.0.1' },
    };
    const config = testConfig(folder, hub.url, { compute } as Parameters<typeof testConfig>[2]);
    const start = () => startAgent(config, identity, quietLog);
    return { folder, hub, identity, config, start };
  };

  it('is looked over by the doctor, who submits a pilot to each pool', async (t) => {
    const { config } = await setUp(t);
    const checks = await doctor(config);
    const found = new Map(checks.map((check) => [check.name, check]));
    assert.match(found.get('batch slurm')?.detail ?? '', /^slurm-wlm \d+.*\/sbatch/);
    assert.match(found.get('pool demand')?.detail ?? '', /partition demand: 2 nodes of 8 cores/);
    const { compute } = config;
    assert.ok(compute);
    const said: string[] = [];
    const tried = await tryPilots({
      config: { ...config, compute },
      patienceSeconds: 30,
      log: quietLog,
      say: (line) => said.push(line),
    });
    for (const { ok, detail } of tried) assert.ok(ok, detail);
    assert.match(tried[0]?.detail ?? '', /^n\d answered after .* with 8 cores/);
    assert.ok(said.some((line) => line.includes('submitted as')));
    const empty = async () => (await slurm.run('squeue', '-h')).trim() === '';
    const endsAtMs = performance.now() + 20_000;
    while (!(await empty())) assert.ok(performance.now() < endsAtMs, 'nothing stays in the queue');
  });

  it('gives nodes to urgent work, and has its other pilot back afterwards', async (t) => {
    const { hub, identity, config, start } = await setUp(t);
    const agent = await start();
    atEnd(t, () => agent.close({ endPilots: true }));
    const session = await hub.session(identity);
    const free = newId('pilot');
    const order = { pilotId: free, pool: 'free', nodes: 2, walltimeSeconds: 600 };
    await session.send({ type: 'pilotOrders', submit: [order], release: [] });
    await until('the free pilot runs', () => hub.pilotEvents(free).includes('running'));
    const report = hub
      .all('pilotReports')
      .flatMap(({ reports }) => reports)
      .find(({ event }) => event === 'running');
    assert.deepEqual(
      report?.nodes.map(({ host, cores }) => [host, cores]),
      [
        ['n1', 8],
        ['n2', 8],
      ],
    );
    const program = join(config.folder, 'pilots', 'program');
    assert.ok(existsSync(program), 'nodes need no Node of their own');
    const lease = leaseOf(['sleep', '100']);
    await session.send({ type: 'leases', pilotId: free, jobs: [lease] });
    const ofJob = () => hub.reports().filter(({ jobId }) => jobId === lease.jobId);
    await until('its job runs', () => ofJob().some(({ event }) => event === 'started'));

    const demand = newId('pilot');
    const urgent = { pilotId: demand, pool: 'demand', nodes: 2, walltimeSeconds: 60 };
    await session.send({ type: 'pilotOrders', submit: [urgent], release: [] });
    await until('the urgent pilot runs', () => hub.pilotEvents(demand).includes('running'));
    await until('the other one is told to wait', () => hub.pilotEvents(free).includes('preempted'));
    assert.deepEqual(
      ofJob().map(({ event }) => event),
      ['started', 'preempted'],
    );

    await session.send({ type: 'pilotOrders', submit: [], release: [demand] });
    await until('the urgent pilot ends', () => hub.pilotEvents(demand).includes('ended'));
    await until('the free pilot is back', () => hub.pilotEvents(free).at(-1) === 'running');
    const again = leaseOf(['sh', '-c', 'hostname; exit 0'], { jobId: lease.jobId, attempt: 2 });
    await session.send({ type: 'leases', pilotId: free, jobs: [again] });
    await until('its job ends', () => ofJob().at(-1)?.event === 'completed');
    assert.equal(hub.pilotEvents(free).filter((event) => event === 'preempted').length, 1);
    assert.equal(ofJob().filter(({ event }) => event === 'preempted').length, 1);
  });

  it('finds its pilot again after a restart, at the same port', async (t) => {
    const { hub, identity, config, start } = await setUp(t);
    const first = await start();
    const { pilotId } = await hub.startPilot(identity, 600, 'demand');
    const port = readFileSync(join(config.folder, 'pilot-port'), 'utf8');
    await first.close({ endPilots: false });
    hub.said.length = 0;
    const second = await start();
    atEnd(t, () => second.close({ endPilots: true }));
    const state = await until('the state comes', () => hub.all('agentState')[0]);
    assert.deepEqual(
      state.pilots.map((pilot) => [pilot.pilotId, pilot.event]),
      [[pilotId, 'running']],
    );
    assert.equal(readFileSync(join(config.folder, 'pilot-port'), 'utf8'), port);
  });
});
