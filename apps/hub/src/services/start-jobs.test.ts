import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { poolSettingsSchema } from '@interpulse/domain/site/site.ts';
import { isAnyoneWaiting } from '@interpulse/testing/database/is-anyone-waiting.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import type { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { poolOffer } from '@interpulse/testing/store/store-world.ts';
import { findUser } from '@interpulse/store/access/access.ts';
import { listEvents } from '@interpulse/store/events/list-events.ts';
import { topics } from '../hub.ts';
import { openSubmission, type OpenSubmission } from '../testing/open-submission.ts';
import { enrolWithPilot } from '../testing/enrol-with-pilot.ts';
import { computeState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';
import { anyWaitsForLimit } from './choose-sites.ts';

/** Reconcilers look by themselves every 5 s: what comes sooner was woken. */
const soonMs = 2_500;

/** A step whose job ends in a moment. */
const oneStep = {
  StartAt: 'Work',
  States: {
    Work: {
      Type: 'Action',
      ActionUrl: 'interpulse:compute',
      Parameters: { app: 'bare' },
      WaitTime: 3600,
      End: true,
    },
  },
};

describe('jobs that are placed and leased as they are written', () => {
  let hub: TestHub;
  let agent: FakeAgent;
  let adminId: string;

  /** A pool of pilots of one core: each has one job to run, and two at hand. */
  const enrolled = async (site: string, maxPilots: number): Promise<FakeAgent> => {
    const settings = poolSettingsSchema.parse({ minWarm: 1, maxPilots, idleSeconds: 600 });
    const state = computeState(site, { pools: [poolOffer({ coresPerNode: 1, settings })] });
    return enrolWithPilot(hub, site, { state, pilotCores: 1 });
  };
  const jobOf = async (jobId: string) => {
    const { body } = await hub.send('GET', `/jobs/${jobId}`);
    return body['job'] as Record<string, unknown>;
  };
  const submitOpen = (count = 1, fields: object = {}): Promise<OpenSubmission> =>
    openSubmission(hub.hub, { ...fields, count });
  /** Leases that come before any timer. */
  const leasedSoon = async (...jobIds: string[]) => {
    const startedMs = performance.now();
    const leases = [];
    for (const jobId of jobIds) leases.push(await agent.nextLease(jobId));
    const ms = performance.now() - startedMs;
    assert.ok(ms < soonMs, `${ms} ms: by a timer`);
    return leases;
  };
  const complete = async (...leases: Awaited<ReturnType<typeof leasedSoon>>): Promise<void> => {
    for (const lease of leases) await agent.sayJobs(agent.report(lease, 'completed'));
  };

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    await hub.saveApp('bare');
    await hub.saveFlow('one', oneStep);
    agent = await enrolled('alpha', 1);
    adminId = (await findUser(hub.hub.db, 'admin'))?.id ?? assert.fail('no administrator');
  });
  after(async () => {
    agent.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  test('a job has its site and its pilot from the first, and its history says so', async () => {
    const open = await submitOpen();
    const [jobId = ''] = open.jobIds;
    await open.end();
    const [lease] = await leasedSoon(jobId);
    assert.ok(lease);
    const { state, siteName, attempt } = await jobOf(jobId);
    assert.deepEqual([state, siteName, attempt], ['ready', 'alpha', 1]);
    const events = await listEvents(hub.hub.db, { projects: null, subjectId: jobId, limit: 10 });
    const inOrder = events.toSorted((a, b) => Number(a.cursor) - Number(b.cursor));
    assert.deepEqual(
      inOrder.map(({ kind, actor }) => [kind, actor]),
      [
        ['job.queued', adminId],
        ['job.placed', null],
      ],
    );
    const { status, body } = await hub.send('GET', `/jobs/${jobId}/explain`);
    assert.equal(status, 200, JSON.stringify(body));
    assert.match(JSON.stringify(body), /alpha/);
    await complete(lease);
  });

  test('of two transactions at the same moment, one has the last room under a limit', async () => {
    await hub.send('PUT', '/placement-limits', { project: 'demo', maxJobs: 1 });
    const [one, two] = [await submitOpen(), await submitOpen()];
    await one.end();
    await two.end();
    const [first = '', second = ''] = [...one.jobIds, ...two.jobIds];
    assert.equal((await jobOf(second))['state'], 'queued');
    await until('its limit is known', async () => anyWaitsForLimit(hub.hub));
    await complete(...(await leasedSoon(first)));
    // The end of the first makes room, and wakes who waits for it.
    await complete(...(await leasedSoon(second)));
    await hub.send('DELETE', '/placement-limits?project=demo');
  });

  test('what waited for a transaction that was rolled back is placed at once', async () => {
    await hub.send('PUT', '/placement-limits', { project: 'demo', maxJobs: 1 });
    const [one, two] = [await submitOpen(), await submitOpen()];
    await two.end();
    const [second = ''] = two.jobIds;
    await until('looked at', async () => (await jobOf(second))['reason'] !== null);
    await one.end(new Error('for the test'));
    await complete(...(await leasedSoon(second)));
    await hub.send('DELETE', '/placement-limits?project=demo');
  });

  test('two transactions at the same moment do not give the same room', async () => {
    const [one, two] = [await submitOpen(2), await submitOpen(2)];
    await one.end();
    await two.end();
    const leases = await leasedSoon(...one.jobIds, two.jobIds[0] ?? '');
    assert.equal(agent.leases.size, 3);
    const [done, ...others] = leases;
    assert.ok(done);
    await complete(done);
    await complete(...others, ...(await leasedSoon(two.jobIds[1] ?? '')));
  });

  test('where others wait it is leased in the order of all', async () => {
    const held = await leasedSoon(...(await submitOpen(3).then(ended)));
    const [late = ''] = await submitOpen(1, { priority: 1 }).then(ended);
    const [early = ''] = await submitOpen(1, { priority: 2 }).then(ended);
    assert.equal((await jobOf(late))['state'], 'ready');
    for (const jobId of [early, late]) {
      await complete(...held.splice(0, 1));
      held.push(...(await leasedSoon(jobId)));
    }
    await complete(...held);
  });

  test('what finds no room is leased when room comes, however the two cross', async () => {
    const { db } = hub.hub;
    // A site whose last word was of a flow run's step is asked for its room ahead.
    const step = async () => {
      await hub.startFlow('one');
      return agent.nextLease();
    };
    await complete(await step());
    const last = await step();
    const [kept, parent] = await leasedSoon(...(await submitOpen(2).then(ended)));
    assert.ok(kept && parent);
    const after_ = { parents: [parent.jobId], onParentFailure: 'run' };
    const children = await submitOpen(2, after_).then(ended);
    const other = await db.connect();
    await other.query('begin');
    await other.query('select from pilots where id = $1 for update', [last.pilotId]);
    // It has seen its room, and waits before its end.
    const said = agent.sayJobs(agent.report(last, 'completed'));
    await until('it waits', () => isAnyoneWaiting(db));
    await hub.send('POST', `/jobs/${parent.jobId}/cancel`);
    const first = await agent.nextLease();
    const second = children.find((jobId) => jobId !== first.jobId) ?? '';
    assert.ok(children.includes(first.jobId));
    assert.equal((await jobOf(second))['state'], 'ready');
    await other.query('rollback');
    other.release();
    await said;
    await complete(kept, first, ...(await leasedSoon(second)));
  });

  test('what is kept at hand for long asks for another pilot at once', async (t) => {
    const beta = await enrolled('beta', 2);
    t.after(() => beta.vanish());
    let heard = false;
    const end = hub.hub.db.topics.on([topics.pilots], () => (heard = true));
    const isAsked = async (): Promise<boolean> => {
      const open = await submitOpen(1, { site: 'beta' });
      heard = false;
      await open.end();
      return heard;
    };
    assert.equal(await isAsked(), false, 'what runs at once wants no other pilot');
    assert.equal(await isAsked(), true);
    await until('another pilot', async () => beta.pilots.size === 2);
    end();
  });
});

async function ended(open: OpenSubmission): Promise<string[]> {
  await open.end();
  return open.jobIds;
}
