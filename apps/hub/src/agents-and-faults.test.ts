import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { listAttempts } from '@interpulse/store/jobs/read-jobs.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { placeQueuedJobs } from './reconcilers/place-queued-jobs.ts';
import { createSilenceWatch } from './reconcilers/watch-silence.ts';
import { enrolWithPilot } from './testing/enrol-with-pilot.ts';
import { computeState, startTestHub, type TestHub } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

describe('work at sites that fail', () => {
  let hub: TestHub;
  let alpha: FakeAgent;
  let beta: FakeAgent;

  const submit = (fields: object = {}): Promise<string> => hub.submit(fields);
  const jobOf = async (jobId: string) => {
    const path = { jobId };
    return (await unwrap(hub.admin.GET('/api/v1/jobs/{jobId}', { params: { path } }))).job;
  };
  const inState = (jobId: string, state: string) =>
    until(`${jobId} ${state}`, async () => (await jobOf(jobId)).state === state);

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    alpha = await enrolWithPilot(hub, 'alpha');
  });
  after(async () => {
    alpha.vanish();
    beta.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  test('a doubled `started` does not end the attempt that runs', async () => {
    const jobId = await submit();
    const lease = await alpha.nextLease(jobId);
    const started = alpha.report(lease, 'started');
    await alpha.sayJobs(started);
    await alpha.sayJobs(started);
    await alpha.sayJobs(alpha.report(lease, 'completed'));
    await inState(jobId, 'completed');
    assert.deepEqual(
      alpha.inbox.filter(({ type }) => type === 'cancelJobs'),
      [],
    );
  });

  test('a new incarnation is told its leases again, and to end what is stale', async () => {
    const kept = await submit();
    const dropped = await submit();
    const lease = await alpha.nextLease(kept);
    const gone = await alpha.nextLease(dropped);
    await alpha.sayJobs(alpha.report(lease, 'started'), alpha.report(gone, 'started'));
    alpha.vanish();
    const path = { jobId: dropped };
    await unwrap(hub.admin.POST('/api/v1/jobs/{jobId}/cancel', { params: { path } }));
    alpha.inbox.length = 0;
    await alpha.restart();
    const again = await alpha.nextLease(kept);
    assert.equal(again.attempt, lease.attempt);
    const told = await alpha.next('cancelJobs');
    assert.deepEqual(
      told.jobs.map(({ jobId }) => jobId),
      [dropped],
    );
    alpha.leases.delete(`${dropped} 1`);
    await alpha.sayJobs(alpha.report(again, 'completed'));
    await inState(kept, 'completed');
  });

  test('a lost pilot gives its work to the next, and late words change nothing', async () => {
    const jobId = await submit();
    const first = await alpha.nextLease(jobId);
    await alpha.sayJobs(alpha.report(first, 'started'));
    await alpha.sayPilots('lost', [first.pilotId]);
    const second = await alpha.nextLease(jobId);
    assert.equal(second.attempt, 2);
    assert.notEqual(second.pilotId, first.pilotId);
    const late = { exitCode: 3, reason: 'the late word' };
    await alpha.sayJobs(alpha.report(first, 'failed', late));
    await alpha.sayJobs(alpha.report(first, 'started'));
    const told = await alpha.next('cancelJobs');
    assert.deepEqual(told.jobs, [{ jobId, attempt: 1, pilotId: first.pilotId }]);
    assert.equal((await jobOf(jobId)).state, 'ready');
    await alpha.sayJobs(alpha.report(second, 'started'));
    await alpha.sayJobs(alpha.report(second, 'completed'));
    assert.equal((await jobOf(jobId)).state, 'completed');
    const attempts = await listAttempts(hub.hub.db, jobId);
    assert.deepEqual(
      attempts.map(({ number, outcome }) => [number, outcome]),
      [
        [1, 'lost'],
        [2, 'completed'],
      ],
    );
  });

  test('words of a job that nobody knows, with a preview, harm nobody', async () => {
    const jobId = await submit();
    const lease = await alpha.nextLease(jobId);
    const unknown = `job_${'0'.repeat(26)}` as const;
    const preview = {
      name: 'preview',
      location: 'alpha-scratch:/p.json',
      sizeBytes: 1,
      sha256: null,
    };
    const fields: Partial<JobReport> = {
      jobId: unknown,
      outputs: [preview],
      preview: {
        kind: 'image',
        title: '',
        png: 'AAAA',
        widthPixels: 1,
        heightPixels: 1,
        figures: [],
      },
    };
    await alpha.sayJobs(alpha.report(lease, 'completed', fields), alpha.report(lease, 'completed'));
    assert.equal((await jobOf(jobId)).state, 'completed');
  });

  test('another site cannot speak for a pilot or a transfer that is not its own', async () => {
    const state = computeState('beta');
    beta = new FakeAgent({ url: hub.url, ...(await hub.enrol('beta')), state, pilotCores: 4 });
    await beta.ready();
    const jobId = await submit({ site: 'alpha' });
    const lease = await alpha.nextLease(jobId);
    await beta.sayJobs(beta.report(lease, 'failed'));
    assert.equal((await jobOf(jobId)).state, 'ready');
    const items = [
      { source: 'alpha-scratch:/a', destination: 'alpha-scratch:/b', recursive: false },
    ];
    const body = { items, label: '', project: 'demo', deadlineAt: null };
    const { id } = await unwrap(hub.admin.POST('/api/v1/transfers', { body }));
    const order = await alpha.nextOrder(({ transferId }) => transferId === id);
    await beta.sayTransfer(order, 'succeeded');
    const path = { transferId: id };
    const get = () => unwrap(hub.admin.GET('/api/v1/transfers/{transferId}', { params: { path } }));
    assert.equal((await get()).state, 'active');
    await alpha.sayTransfer(order, 'succeeded');
    assert.equal((await get()).state, 'succeeded');
    await alpha.sayJobs(alpha.report(lease, 'completed'));
  });

  test('leases that are too much for one message come in several', async () => {
    const large = 'x'.repeat(200_000);
    const ids: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      ids.push(await submit({ site: 'beta', parameters: { large } }));
    }
    for (const id of ids) {
      const lease = await beta.nextLease(id);
      await beta.sayJobs(beta.report(lease, 'completed'));
    }
    const job = { command: ['a'], parameters: { large: 'x'.repeat(2e6) }, project: 'demo' };
    const { status, body } = await hub.send('POST', '/jobs', { jobs: [job] });
    assert.equal(status, 422);
    assert.match(String(body['detail']), /KiB/);
  });

  test('jobs that no site can take do not keep the others waiting', async () => {
    const jobs = Array.from({ length: 1000 }, () => ({
      command: ['true'],
      project: 'demo',
      site: 'nowhere',
      urgency: 'urgent',
    }));
    assert.equal((await hub.send('POST', '/jobs', { jobs })).status, 201);
    const jobId = await submit({ site: 'beta' });
    const lease = await beta.nextLease(jobId);
    await beta.sayJobs(beta.report(lease, 'completed'));
    const job = await until('a reason', async () => {
      const stuck = await hub.send('GET', '/jobs?state=queued&limit=1&reason=asked+for');
      return (stuck.body['items'] as { id: string; reason: string }[])[0];
    });
    assert.match(job.reason, /not among the sites asked for/);
    const { body } = await hub.send('GET', `/jobs/${job.id}/explain`);
    assert.match(String(body['summary']), /There is no site "nowhere"/);
    assert.match(String(body['unblock']), /Submit it again for other sites/);
  });

  test('a silent site gives its work to another, for good', async () => {
    const jobId = await submit({ site: ['alpha', 'beta'] });
    const from = await until('a lease', async () => {
      const { siteName, pilotId } = await jobOf(jobId);
      return pilotId === null ? undefined : siteName === 'alpha' ? alpha : beta;
    });
    const other = from === alpha ? beta : alpha;
    const name = from === alpha ? 'alpha' : 'beta';
    const lease = await from.nextLease(jobId);
    await from.sayJobs(from.report(lease, 'started'));
    from.vanish();
    await until('gone', async () => hub.sessions.connected().length === 1);
    const statusOf = async () => (await hub.send('GET', `/sites/${name}`)).body['status'];
    let now = hub.hub.now();
    const watch = createSilenceWatch({ ...hub.hub, now: () => now }, hub.sessions, now);
    const after = async (seconds: number): Promise<unknown> => {
      now = addSeconds(now, seconds);
      await watch();
      return statusOf();
    };
    // A hub that has just started, or slept, gives the agents time to come back.
    assert.equal(await after(10), 'up');
    assert.equal(await after(300), 'up');
    assert.equal(await after(10), 'up');
    assert.equal(await after(10), 'silent');
    await placeQueuedJobs(hub.hub);
    const second = await other.nextLease(jobId);
    assert.equal(second.attempt, 2);
    await other.sayJobs(other.report(second, 'started'));
    await from.restart();
    const told = await from.next('cancelJobs');
    assert.deepEqual(told.jobs, [{ jobId, attempt: 1, pilotId: lease.pilotId }]);
    from.leases.delete(`${jobId} 1`);
    await from.sayJobs(from.report(lease, 'completed'));
    assert.equal((await jobOf(jobId)).state, 'active');
    await other.sayJobs(other.report(second, 'completed'));
    assert.equal((await jobOf(jobId)).siteName, other === alpha ? 'alpha' : 'beta');
  });
});
