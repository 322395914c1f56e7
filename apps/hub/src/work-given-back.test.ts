import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { poolOffer } from '@interpulse/testing/store/store-world.ts';
import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import { poolSettingsSchema } from '@interpulse/domain/site/site.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { createAskBack } from './reconcilers/ask-back.ts';
import { computeState, startTestHub, type TestHub } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

type Held = Lease & { pilotId: PilotId };

describe('work that a pilot keeps at hand', () => {
  let hub: TestHub;
  let agent: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    const settings = poolSettingsSchema.parse({ minWarm: 1, maxPilots: 2, idleSeconds: 600 });
    const pools = [poolOffer({ coresPerNode: 8, settings })];
    const identity = await hub.enrol('centre');
    const state = computeState('centre', { pools });
    agent = new FakeAgent({ url: hub.url, ...identity, state });
    await agent.ready();
  });
  after(async () => {
    agent.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const submit = async (count: number, cores: number): Promise<string[]> => {
    const common = { command: ['sleep', '3000'], project: 'demo' };
    const jobs = Array.from({ length: count }, () => ({
      resources: { cores, walltimeSeconds: 3600 },
    }));
    const { status, body } = await hub.send('POST', '/jobs', { common, jobs });
    assert.equal(status, 201, JSON.stringify(body));
    return body['jobIds'] as string[];
  };
  const wantedPilot = async (): Promise<PilotId> => {
    const fresh = (id: PilotId) => !agent.pilots.has(id);
    const told = await agent.next('pilotOrders', ({ submit: pilots }) =>
      pilots.some(({ pilotId }) => fresh(pilotId)),
    );
    const id = told.submit.map(({ pilotId }) => pilotId).find(fresh);
    assert.ok(id !== undefined);
    return id;
  };
  const stateOf = async (jobId: string) => {
    const params = { path: { jobId } };
    return (await unwrap(hub.admin.GET('/api/v1/jobs/{jobId}', { params }))).job.state;
  };
  const started = (held: readonly Held[]) =>
    agent.sayJobs(...held.map((lease) => agent.report(lease, 'started')));

  test('is a reason for another pilot, and goes to it, once asked for', async () => {
    const first = await wantedPilot();
    await agent.sayPilots('running', [first], 8);
    const jobIds = await submit(4, 4);
    const held: Held[] = [];
    for (const jobId of jobIds) held.push(await agent.nextLease(jobId));
    assert.deepEqual(new Set(held.map(({ pilotId }) => pilotId)), new Set([first]));
    await started(held.slice(0, 2));

    const second = await wantedPilot();
    await agent.sayPilots('running', [second], 8);
    const { jobs } = await agent.next('returnJobs');
    const kept = held.slice(2);
    assert.deepEqual(
      jobs.toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1)),
      kept.map(({ jobId, attempt, pilotId }) => ({ jobId, attempt, pilotId })),
    );
    // The pilot is slow to answer: it is asked once, however often it is looked at.
    const another = createAskBack(hub.hub);
    await another();
    assert.equal((await agent.next('returnJobs')).jobs.length, 2);
    await another();
    await another();
    const released = { startedAt: null, reason: 'another pilot has room for it' };
    await agent.sayJobs(...kept.map((lease) => agent.report(lease, 'released', released)));
    for (const { jobId } of kept) {
      const again = await agent.nextLease(jobId);
      assert.deepEqual([again.pilotId, again.attempt], [second, 2]);
      await started([again]);
      await until(`${jobId} runs`, async () => (await stateOf(jobId)) === 'active');
      held.push(again);
    }
    for (const { jobId, attempt } of kept) agent.leases.delete(`${jobId} ${attempt}`);
    assert.deepEqual(
      agent.inbox.filter(({ type }) => type === 'returnJobs'),
      [],
    );
    const last = [...held.slice(0, 2), ...held.slice(4)];
    await agent.sayJobs(...last.map((lease) => agent.report(lease, 'completed')));
  });

  test('stays where it is while nobody has room, and goes when somebody has', async () => {
    const jobIds = await submit(5, 8);
    const held: Held[] = [];
    for (const jobId of jobIds) held.push(await agent.nextLease(jobId));
    const byPilot = Object.values(Object.groupBy(held, ({ pilotId }) => pilotId));
    const [many = [], few = []] = byPilot.toSorted((a, b) => (b?.length ?? 0) - (a?.length ?? 0));
    assert.deepEqual([many.length, few.length], [3, 2]);
    await started([...many.slice(0, 1), ...few.slice(0, 1)]);
    await agent.sayJobs(...few.map((lease) => agent.report(lease, 'completed')));
    const { jobs } = await agent.next('returnJobs');
    assert.deepEqual(
      jobs.map(({ jobId }) => jobId),
      [many[2]?.jobId],
    );
  });

  test('is not given to the same pilot a thousand times, however often it comes back', async () => {
    // What the pilots before held would come back and go before it.
    await hub.send('POST', '/jobs/cancel', { filter: { state: 'open' } });
    for (const [pilotId] of agent.pilots) {
      await agent.sayPilots('ended', [pilotId]);
    }
    agent.inbox.length = 0;
    const pilotId = await wantedPilot();
    await agent.sayPilots('running', [pilotId], 8);
    const [jobId = ''] = await submit(1, 8);
    const released = { startedAt: null, reason: 'by the test' };
    const beganMs = performance.now();
    let lease = await agent.nextLease(jobId);
    while (lease.attempt < 5) {
      await agent.sayJobs(agent.report(lease, 'released', released));
      lease = await agent.nextLease(jobId);
    }
    const tookMs = performance.now() - beganMs;
    // 0, 0.25, 0.5 and 1 s of pauses.
    assert.ok(tookMs > 1_700, `it came back within ${Math.round(tookMs)} ms`);
    await agent.sayJobs(agent.report(lease, 'completed'));
  });
});
