import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import { poolSettingsSchema } from '@interpulse/domain/site/site.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { analyzeApp } from './testing/analyze-flow.ts';
import { computeState, startTestHub, testPool, type TestHub } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

type Held = Lease & { pilotId: PilotId };

describe('work that waits at one site while another one is free', () => {
  let hub: TestHub;
  let alpha: FakeAgent;
  let beta: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    alpha = await startSite('alpha');
    beta = await startSite('beta');
  });
  after(async () => {
    alpha.vanish();
    beta.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  /** A site with one pilot of one core, and files of its own. */
  async function startSite(name: string): Promise<FakeAgent> {
    const settings = poolSettingsSchema.parse({ minWarm: 1, maxPilots: 1, idleSeconds: 600 });
    const identity = await hub.enrol(name);
    const state = computeState(name, { pools: [testPool({ coresPerNode: 1, settings })] });
    const channel = { host: '127.0.0.1', port: 9, fingerprint: null };
    const agent = new FakeAgent({
      url: hub.url,
      ...identity,
      state: { ...state, channel },
      pilotCores: 1,
    });
    await agent.ready();
    await until(`a pilot of ${name}`, async () => agent.pilots.size > 0);
    return agent;
  }

  /** A site that rests is given no work, and keeps its pilots. */
  const rest = async (site: string, untilAt: string | null): Promise<void> => {
    const set = 'update sites set resting_until = $2, resting_reason = $3 where name = $1';
    await hub.hub.db.query(set, [site, untilAt, 'for the test']);
  };
  const viewOf = async (jobId: string) => {
    const { body } = await hub.send('GET', `/jobs/${jobId}`);
    return body as unknown as {
      job: { state: string; siteName: string | null; reason: string | null };
    };
  };
  const kindsOf = async (jobId: string): Promise<string[]> => {
    const rows = await hub.hub.db.query<{ kind: string }>(
      'select kind from events where subject_id = $1 order by id',
      [jobId],
    );
    return rows.map(({ kind }) => kind);
  };
  /** Submits jobs while only alpha takes any, so that all are placed there. */
  const submitAtAlpha = async (count: number, fields: object = {}): Promise<string[]> => {
    await rest('beta', '2999-01-01T00:00:00.000Z');
    const jobs = Array.from({ length: count }, () => ({ command: ['true'], ...fields }));
    const { status, body } = await hub.send('POST', '/jobs', {
      common: { project: 'demo' },
      jobs,
    });
    assert.equal(status, 201, JSON.stringify(body));
    const jobIds = body['jobIds'] as string[];
    for (const jobId of jobIds) {
      await until('placed', async () => (await viewOf(jobId)).job.siteName === 'alpha');
    }
    return jobIds;
  };

  test('goes there, and its history says why', async () => {
    const [long = '', ...others] = await submitAtAlpha(9);
    const first = await alpha.nextLease(long);
    await alpha.sayJobs(alpha.report(first, 'started'));
    await rest('beta', null);
    const came = await beta.nextLease();
    assert.ok(others.includes(came.jobId));
    const { job } = await viewOf(came.jobId);
    assert.equal(job.siteName, 'beta');
    assert.equal(job.reason, 'moved from alpha: beta can begin it now');
    const kinds = (await kindsOf(came.jobId)).filter((kind) => kind !== 'job.started');
    assert.deepEqual(kinds, ['job.queued', 'job.placed', 'job.recalled', 'job.placed']);
    const told = await hub.send('GET', `/jobs/${came.jobId}/explain`);
    assert.match(
      JSON.stringify(told.body),
      /Placed there: moved from alpha: beta can begin it now/,
    );

    // As long as the long job runs, beta does all that alpha's pilot has not been given.
    const done = new Set<string>();
    let lease: Held = came;
    for (;;) {
      await beta.sayJobs(beta.report(lease, 'started'));
      await beta.sayJobs(beta.report(lease, 'completed'));
      done.add(lease.jobId);
      const held = [...alpha.leases.values()].map(({ jobId }) => jobId);
      if (others.every((jobId) => done.has(jobId) || held.includes(jobId))) break;
      lease = await beta.nextLease();
    }
    assert.ok(done.size >= 4, `${done.size} of 8`);
    const held = [...alpha.leases.values()];
    await alpha.sayJobs(...held.map((each) => alpha.report(each, 'completed')));
  });

  test('lets its inputs travel again, and nobody carries them to where it was', async () => {
    const [long = ''] = await submitAtAlpha(1);
    const first = await alpha.nextLease(long);
    await alpha.sayJobs(alpha.report(first, 'started'));
    const inputs = { file: 'beta-scratch:/raw/a.h5' };
    await analyzeApp(hub);
    const jobIds = await submitAtAlpha(4, { app: 'analyze', command: undefined, inputs });
    const order = await alpha.nextOrder();
    assert.equal(order.role, 'receive');
    await rest('beta', null);
    const came = await beta.nextLease();
    assert.ok(jobIds.includes(came.jobId));
    assert.equal(came.inputs['file'], inputs.file, 'it lies at beta');
    const canceled = await alpha.next('cancelTransfers');
    const rows = await hub.hub.db.query<{ id: string; state: string }>(
      'select id, state from transfers where job_id = $1',
      [came.jobId],
    );
    assert.deepEqual(rows, [{ id: canceled.transferIds[0], state: 'canceled' }]);
    const kinds = await kindsOf(came.jobId);
    assert.deepEqual(kinds, ['job.queued', 'job.placed', 'job.recalled', 'job.placed']);
    const open = [first, came, ...alpha.leases.values(), ...beta.leases.values()];
    await hub.send('POST', '/jobs/cancel', { jobIds: [...jobIds, ...open.map((it) => it.jobId)] });
  });

  test('takes inputs along that lie where it was', async () => {
    const [long = ''] = await submitAtAlpha(1);
    const first = await alpha.nextLease(long);
    await alpha.sayJobs(alpha.report(first, 'started'));
    const inputs = { file: 'alpha-scratch:/raw/b.h5' };
    const jobIds = await submitAtAlpha(5, { app: 'analyze', command: undefined, inputs });
    await rest('beta', null);
    const order = await beta.nextOrder(({ items }) => items[0]?.source === inputs.file);
    assert.equal(order.role, 'receive');
    await beta.sayTransfer(order, 'succeeded');
    const came = await beta.nextLease();
    assert.ok(jobIds.includes(came.jobId));
    assert.match(came.inputs['file'] ?? '', /^beta-scratch:.*b\.h5$/);
  });
});
