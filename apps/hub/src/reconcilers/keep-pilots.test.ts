import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { poolOffer } from '@interpulse/testing/store/store-world.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import { poolSettingsSchema, type PoolOffer } from '@interpulse/domain/site/site.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { computeState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const pool = (name: string, fields: Partial<PoolOffer>, settings: object): PoolOffer =>
  poolOffer({ name, ...fields, settings: poolSettingsSchema.parse(settings) });

describe('pilots of several pools', () => {
  let hub: TestHub;
  let identity: Awaited<ReturnType<TestHub['enrol']>>;
  let agent: FakeAgent;
  const connect = (pools: PoolOffer[]): FakeAgent =>
    new FakeAgent({ url: hub.url, ...identity, state: computeState('centre', { pools }) });
  const pilots = async (): Promise<
    { id: PilotId; pool: string; state: string; reason: string }[]
  > => (await hub.send('GET', '/pilots')).body['items'] as never;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    identity = await hub.enrol('centre');
  });
  after(async () => {
    agent.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  test('each gets what suits the work that waits, with its node counts and walltimes', async () => {
    agent = connect([
      pool('demand', { urgencies: ['urgent'], account: 'm1' }, { minWarm: 0, maxPilots: 2 }),
      pool('free', { urgencies: ['backfill', 'normal'] }, { minWarm: 1, walltimeSeconds: 7200 }),
    ]);
    await agent.ready();
    const warm = await agent.next('pilotOrders');
    assert.deepEqual(
      warm.submit.map((order) => [order.pool, order.nodes, order.walltimeSeconds]),
      [['free', 1, 7200]],
    );
    await hub.submit({ urgency: 'urgent' });
    const urgent = await agent.next('pilotOrders', ({ submit }) =>
      submit.some((order) => order.pool === 'demand'),
    );
    const order = urgent.submit.find((each) => each.pool === 'demand');
    assert.equal(urgent.submit.filter((each) => each.pool === 'demand').length, 1);
    const { body } = await hub.send('GET', '/sites/centre');
    const pools = body['pools'] as { name: string; reason: string; counts: object }[];
    assert.match(pools.find(({ name }) => name === 'demand')?.reason ?? '', /1 job waits/);
    await agent.sayPilots('running', [order?.pilotId as PilotId]);
    const lease = await agent.nextLease();
    assert.equal(lease.pilotId, order?.pilotId);
    await agent.sayJobs(agent.report(lease, 'completed'));
  });

  test('one that was preempted while the hub heard nothing is known to be queued', async () => {
    const [held] = (await pilots()).filter(({ state }) => state === 'running');
    const report = agent.pilots.get(held?.id as PilotId);
    assert.ok(held && report);
    agent.vanish();
    agent.pilots.set(held.id, { ...report, event: 'submitted', nodes: [], endsAt: null });
    await agent.restart();
    const found = (await pilots()).find(({ id }) => id === held.id);
    assert.equal(found?.state, 'submitted');
  });

  test('those of a pool that is gone leave, and the others stay', async () => {
    const before = await pilots();
    const homeless = before.filter((pilot) => pilot.pool === 'demand').map(({ id }) => id);
    agent.vanish();
    const kept = [...agent.pilots];
    agent = connect([
      pool('free', { urgencies: ['normal', 'backfill'] }, { walltimeSeconds: 7200 }),
    ]);
    for (const [id, report] of kept) agent.pilots.set(id, report);
    await agent.ready();
    const told = await agent.next('pilotOrders', ({ release }) => release.length > 0);
    assert.deepEqual(told.release, homeless);
    await agent.sayPilots('ended', homeless);
    const alive = await until('the end', async () => {
      const all = (await pilots()).filter(({ state }) => state !== 'ended' && state !== 'lost');
      return all.every((each) => each.pool === 'free') && all;
    });
    assert.equal(alive.length, 1);
  });
});
