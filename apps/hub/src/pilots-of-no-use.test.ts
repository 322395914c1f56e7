import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { computeState, startTestHub, type TestHub } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

describe('pilots that are of no use', () => {
  let hub: TestHub;

  const enrolled = async (site: string, pilotCores?: number): Promise<FakeAgent> => {
    const identity = await hub.enrol(site);
    const options = { url: hub.url, ...identity, state: computeState(site) };
    const agent = new FakeAgent({ ...options, ...(pilotCores ? { pilotCores } : {}) });
    await agent.ready();
    return agent;
  };
  const read = async (jobId: string) => {
    const params = { path: { jobId } };
    return unwrap(hub.admin.GET('/api/v1/jobs/{jobId}', { params }));
  };

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });

  test('who takes nothing more is not given again what it gave back', async () => {
    const agent = await enrolled('leaving', 4);
    const jobId = await hub.submit({ site: 'leaving', restartable: true });
    const first = await agent.nextLease(jobId);
    const pilot = agent.pilots.get(first.pilotId) ?? assert.fail();
    const endsAt = fromMilliseconds(Date.now());
    await agent.say({ type: 'pilotReports', reports: [{ ...pilot, endsAt }] });
    await agent.sayJobs(agent.report(first, 'released'));
    // What is submitted later and fits elsewhere is leased in the same rounds.
    await agent.sayPilots('ended', [first.pilotId]);
    const second = await agent.nextLease(jobId);
    assert.notEqual(second.pilotId, first.pilotId);
    assert.equal(second.attempt, 2, 'it was not leased in vain in between');
    await agent.sayJobs(agent.report(second, 'completed'));
    assert.equal((await read(jobId)).job.state, 'completed');
    agent.vanish();
  });

  test('a scheduler that takes none of them: its site rests and says why', async () => {
    const agent = await enrolled('broken');
    const jobId = await hub.submit({ site: 'broken' });
    const reason = 'submitting a pilot: no sbatch in PATH=/usr/bin (tried for 60 s)';
    const refused = new Set<string>();
    const said = await until('the reason', async () => {
      const orders = agent.inbox.filter((message) => message.type === 'pilotOrders');
      const wanted = orders
        .flatMap(({ submit }) => submit)
        .filter((it) => !refused.has(it.pilotId));
      for (const { pilotId } of wanted) {
        refused.add(pilotId);
        const nothing = { batchJobId: null, host: null, nodes: [], expectedAt: null, endsAt: null };
        const at = fromMilliseconds(Date.now());
        const report = { pilotId, event: 'lost' as const, at, ...nothing, reason };
        await agent.say({ type: 'pilotReports', reports: [report] });
      }
      const site = await hub.send('GET', '/sites/broken');
      return JSON.stringify(site.body).includes('no sbatch in PATH') ? site.body : undefined;
    });
    assert.match(JSON.stringify(said), /its pilots do not start/);
    const { job, attempts } = await read(jobId);
    assert.ok(['queued', 'placed', 'ready'].includes(job.state), job.state);
    assert.deepEqual(attempts, [], 'nothing was begun, nothing is lost');
    const { body: why } = await hub.send('GET', `/jobs/${jobId}/explain`);
    assert.match(JSON.stringify(why), /no sbatch in PATH/);
    assert.ok(refused.size <= 5, `${refused.size} pilots were asked for`);
    const helper = await enrolled('helper', 4);
    await unwrap(hub.admin.POST('/api/v1/jobs/cancel', { body: { jobIds: [jobId] } }));
    const elsewhere = await hub.submit({ site: ['broken', 'helper'] });
    const lease = await helper.nextLease(elsewhere);
    await helper.sayJobs(helper.report(lease, 'completed'));
    assert.equal((await read(elsewhere)).job.siteName, 'helper');
    for (const each of [agent, helper]) each.vanish();
  });
});
