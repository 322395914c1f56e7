import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { poolOffer } from '@interpulse/testing/store/store-world.ts';
import type { Job } from '@interpulse/domain/job/job.ts';
import { poolSettingsSchema } from '@interpulse/domain/site/site.ts';
import type { Transfer } from '@interpulse/domain/transfer/transfer.ts';
import { listEvents } from '@interpulse/store/events/list-events.ts';
import { findCollectionSite } from '@interpulse/store/sites/read-sites.ts';
import { noteSiteFault } from '@interpulse/store/sites/watch-sites.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { analyzeApp } from './testing/analyze-flow.ts';
import { computeState, startTestHub, type TestHub } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

/** A hub with a site `alpha` where work is placed and a site `beta` that may take it. */
class TwoSites {
  readonly hub: TestHub;
  readonly #betaId: () => Promise<string>;

  constructor(hub: TestHub) {
    this.hub = hub;
    this.#betaId = async () => {
      const site = await findCollectionSite(hub.hub.db, 'beta-scratch');
      return site?.siteId ?? assert.fail('beta has not enrolled');
    };
  }

  /** A site with one pilot of one core, and files of its own. */
  async start(name: string): Promise<FakeAgent> {
    const { hub } = this;
    const settings = poolSettingsSchema.parse({ minWarm: 1, maxPilots: 1, idleSeconds: 600 });
    const identity = await hub.enrol(name);
    const state = {
      ...computeState(name, { pools: [poolOffer({ coresPerNode: 1, settings })] }),
      channel: { host: '127.0.0.1', port: 9, fingerprint: null },
    };
    const agent = new FakeAgent({ url: hub.url, ...identity, state, pilotCores: 1 });
    await agent.ready();
    await until(`a pilot of ${name}`, async () => agent.pilots.size > 0);
    return agent;
  }

  /** A site that rests is given no work, and keeps its pilots. */
  async restBeta(restUntil: string): Promise<void> {
    const how = { most: 0, restUntil, reason: 'for the test' };
    await noteSiteFault(this.hub.hub.db, await this.#betaId(), how);
  }

  /** From now on beta takes what it can begin. */
  async wakeBeta(): Promise<void> {
    await this.restBeta('2000-01-01T00:00:00.000Z');
  }

  /** Submits jobs while beta takes none, so that all are placed at alpha. */
  async submitAtAlpha(count: number, fields: object = {}): Promise<string[]> {
    await this.restBeta('2999-01-01T00:00:00.000Z');
    const jobs = Array.from({ length: count }, () => ({ command: ['true'], ...fields }));
    const common = { project: 'demo' };
    const { status, body } = await this.hub.send('POST', '/jobs', { common, jobs });
    assert.equal(status, 201, JSON.stringify(body));
    const jobIds = body['jobIds'] as string[];
    for (const jobId of jobIds) {
      await until('placed', async () => (await this.job(jobId)).siteName === 'alpha');
    }
    return jobIds;
  }

  async job(jobId: string): Promise<Job> {
    const { body } = await this.hub.send('GET', `/jobs/${jobId}`);
    return body['job'] as Job;
  }

  /** What happened to a job, in order. */
  async kindsOf(jobId: string): Promise<string[]> {
    const events = await listEvents(this.hub.hub.db, {
      projects: null,
      subjectId: jobId,
      limit: 100,
    });
    return events.map(({ kind }) => kind);
  }
}

describe('work that waits at one site while another one is free', () => {
  let hub: TestHub;
  let world: TwoSites;
  let alpha: FakeAgent;
  let beta: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    world = new TwoSites(hub);
    alpha = await world.start('alpha');
    beta = await world.start('beta');
  });
  after(async () => {
    alpha.vanish();
    beta.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  test('goes there, and its history says why', async () => {
    const [long = '', ...others] = await world.submitAtAlpha(9);
    const first = await alpha.nextLease(long);
    await alpha.sayJobs(alpha.report(first, 'started'));
    await world.wakeBeta();
    const came = await beta.nextLease();
    assert.ok(others.includes(came.jobId));
    const job = await world.job(came.jobId);
    assert.equal(job.siteName, 'beta');
    assert.equal(job.reason, 'moved from alpha: beta can begin it now');
    const kinds = (await world.kindsOf(came.jobId)).filter((kind) => kind !== 'job.started');
    assert.deepEqual(kinds, ['job.queued', 'job.placed', 'job.recalled', 'job.placed']);
    const told = await hub.send('GET', `/jobs/${came.jobId}/explain`);
    assert.match(
      JSON.stringify(told.body),
      /Placed there: moved from alpha: beta can begin it now/,
    );

    // As long as the long job runs, beta does all that alpha's pilot has not been given.
    const done = new Set<string>();
    let lease = came;
    for (;;) {
      await beta.sayJobs(beta.report(lease, 'started'));
      await beta.sayJobs(beta.report(lease, 'completed'));
      done.add(lease.jobId);
      const held = [...alpha.leases.values()].map(({ jobId }): string => jobId);
      if (others.every((jobId) => done.has(jobId) || held.includes(jobId))) break;
      lease = await beta.nextLease();
    }
    assert.ok(done.size >= 4, `${done.size} of 8`);
    const held = [...alpha.leases.values()];
    await alpha.sayJobs(...held.map((each) => alpha.report(each, 'completed')));
  });

  test('lets its inputs travel again, and nobody carries them to where it was', async () => {
    const [long = ''] = await world.submitAtAlpha(1);
    const first = await alpha.nextLease(long);
    await alpha.sayJobs(alpha.report(first, 'started'));
    const inputs = { file: 'beta-scratch:/raw/a.h5' };
    await analyzeApp(hub);
    const jobIds = await world.submitAtAlpha(4, { app: 'analyze', command: undefined, inputs });
    const order = await alpha.nextOrder();
    assert.equal(order.role, 'receive');
    await world.wakeBeta();
    const came = await beta.nextLease();
    assert.ok(jobIds.includes(came.jobId));
    assert.equal(came.inputs['file'], inputs.file, 'it lies at beta');
    const canceled = await alpha.next('cancelTransfers');
    const { body } = await hub.send('GET', `/transfers?job=${came.jobId}`);
    const rows = (body['items'] as Transfer[]).map(({ id, state }) => ({ id, state }));
    assert.deepEqual(rows, [{ id: canceled.transferIds[0], state: 'canceled' }]);
    const kinds = await world.kindsOf(came.jobId);
    assert.deepEqual(kinds, ['job.queued', 'job.placed', 'job.recalled', 'job.placed']);
    const open = [first, came, ...alpha.leases.values(), ...beta.leases.values()];
    await hub.send('POST', '/jobs/cancel', { jobIds: [...jobIds, ...open.map((it) => it.jobId)] });
  });

  test('takes inputs along that lie where it was', async () => {
    const [long = ''] = await world.submitAtAlpha(1);
    const first = await alpha.nextLease(long);
    await alpha.sayJobs(alpha.report(first, 'started'));
    const inputs = { file: 'alpha-scratch:/raw/b.h5' };
    const jobIds = await world.submitAtAlpha(5, { app: 'analyze', command: undefined, inputs });
    await world.wakeBeta();
    const order = await beta.nextOrder(({ items }) => items[0]?.source === inputs.file);
    assert.equal(order.role, 'receive');
    await beta.sayTransfer(order, 'succeeded');
    const came = await beta.nextLease();
    assert.ok(jobIds.includes(came.jobId));
    assert.match(came.inputs['file'] ?? '', /^beta-scratch:.*b\.h5$/);
  });
});
