import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import { cancelOpenJobs } from '@interpulse/store/jobs/cancel-jobs.ts';
import { lockReturningJobs } from '@interpulse/store/jobs/return-outputs.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { isAnyoneWaiting } from '@interpulse/testing/database/is-anyone-waiting.ts';
import { isRowFree } from '@interpulse/testing/database/is-row-free.ts';
import type { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { enrolWithPilot } from './testing/enrol-with-pilot.ts';
import { computeState, startTestHub, type TestHub } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

describe('the life of jobs', () => {
  let hub: TestHub;
  let agent: FakeAgent;

  const submit = async (jobs: object[], rest: object = {}): Promise<string[]> => {
    const common = { command: ['true'], project: 'demo' };
    const { status, body } = await hub.send('POST', '/jobs', { common, jobs, ...rest });
    assert.equal(status, 201, JSON.stringify(body));
    return body['jobIds'] as string[];
  };
  const jobOf = async (jobId: string) => {
    const path = { jobId };
    return unwrap(hub.admin.GET('/api/v1/jobs/{jobId}', { params: { path } }));
  };
  const stateOf = async (jobId: string | undefined) => (await jobOf(jobId ?? '')).job.state;
  const inState = (jobId: string | undefined, state: string) =>
    until(`${jobId} ${state}`, async () => (await stateOf(jobId)) === state);
  const lease = (jobId: string | undefined) => agent.nextLease(jobId);
  const end = (held: Lease & { pilotId: PilotId }, event: 'completed' | 'failed' = 'completed') =>
    agent.sayJobs(agent.report(held, 'started'), agent.report(held, event));

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    const results = { name: 'results', title: '', writable: true };
    const state = computeState('alpha');
    const collections = [...(state.collections ?? []), results];
    agent = await enrolWithPilot(hub, 'alpha', { state: { ...state, collections } });
  });
  after(async () => {
    agent.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  describe('with parents', () => {
    test('a job runs when the last of them has completed, both at once or not', async () => {
      const [first, second, child] = await submit([{}, {}, { parents: [0, 1, 0] }]);
      assert.equal(await stateOf(child), 'waiting');
      const why = await hub.send('GET', `/jobs/${child}/explain`);
      assert.match(String(why.body['summary']), /2 (jobs|parents)|two|of 2/i);
      const [a, b] = [await lease(first), await lease(second)];
      await Promise.all([end(a), end(b)]);
      await end(await lease(child));
      await inState(child, 'completed');
      assert.deepEqual((await jobOf(child ?? '')).job.parents, [first, second]);
      const [late] = await submit([{ parents: [first, child] }]);
      await end(await lease(late));
      await inState(late, 'completed');
    });

    test('a failed one takes its children along, unless they run regardless', async () => {
      const [bad, child, grandchild, stubborn] = await submit([
        {},
        { parents: [0] },
        { parents: [1] },
        { parents: [0], onParentFailure: 'run' },
      ]);
      await end(await lease(bad), 'failed');
      await inState(grandchild, 'failed');
      const { job } = await jobOf(child ?? '');
      assert.equal(job.state, 'failed');
      assert.equal(job.reason, `its parent ${bad} failed: it exited with 1`);
      await end(await lease(stubborn));
      const [late] = await submit([{ parents: [bad] }]);
      await inState(late, 'failed');

      // Run again, with all that failed because of it.
      const { body } = await hub.send('POST', '/jobs/retry', { jobIds: [bad] });
      assert.deepEqual(body, { retried: 4 });
      assert.deepEqual([await stateOf(child), await stateOf(grandchild)], ['waiting', 'waiting']);
      for (const jobId of [bad, child, grandchild]) await end(await lease(jobId));
      await inState(grandchild, 'completed');
      await end(await lease(late));
    });

    test('a canceled one too, and a whole chain is canceled at once', async () => {
      const chain = await submit([{}, { parents: [0] }, { parents: [1] }, { parents: [2] }]);
      await lease(chain[0]);
      const { body } = await hub.send('POST', '/jobs/cancel', { jobIds: chain.slice(0, 2) });
      assert.deepEqual(body, { canceled: 2 });
      await inState(chain[3], 'failed');
      assert.match((await jobOf(chain[2] ?? '')).job.reason ?? '', /was canceled/);
      const told = await agent.next('cancelJobs');
      assert.deepEqual(
        told.jobs.map(({ jobId }) => jobId),
        [chain[0]],
      );
    });
  });

  describe('that end badly', () => {
    test('are tried again after a wait, with more, as often as their rule says', async () => {
      const onError = { retries: 1, delaySeconds: 0.3, resources: { cores: 2 }, exitCodes: [1] };
      const [jobId] = await submit([{ onError }]);
      const first = await lease(jobId);
      await end(first, 'failed');
      const { job } = await jobOf(jobId ?? '');
      assert.equal(job.state, 'queued');
      assert.match(job.reason ?? '', /retry 1 of 1 .*with cores 2.*it exited with 1/);
      assert.ok(job.notBeforeAt !== null);
      const second = await lease(jobId);
      assert.ok(hub.hub.now() >= job.notBeforeAt);
      assert.deepEqual([second.attempt, second.resources.cores], [2, 2]);
      await end(second, 'failed');
      await inState(jobId, 'failed');
      const { job: over, attempts } = await jobOf(jobId ?? '');
      assert.match(over.reason ?? '', /after 1 retry/);
      assert.deepEqual(
        attempts.map(({ outcome }) => outcome),
        ['failed', 'failed'],
      );
    });

    test('only after the exit codes of their rule; what ran too long has its own', async () => {
      const onError = { retries: 3, exitCodes: [75] };
      const onTimeout = { retries: 1, resources: { walltimeSeconds: 900 } };
      const [other, slow] = await submit([{ onError }, { onError, onTimeout }]);
      await end(await lease(other), 'failed');
      await inState(other, 'failed');
      const held = await lease(slow);
      await agent.sayJobs(agent.report(held, 'timedOut', { exitCode: null, reason: 'too long' }));
      const again = await lease(slow);
      assert.equal(again.resources.walltimeSeconds, 900);
      await agent.sayJobs(agent.report(again, 'timedOut', { exitCode: null, reason: 'too long' }));
      await inState(slow, 'failed');
      const { attempts } = await jobOf(slow ?? '');
      assert.deepEqual(
        attempts.map(({ outcome }) => outcome),
        ['timedOut', 'timedOut'],
      );
    });

    test('are ready again at once when they were preempted or given back', async () => {
      const [jobId] = await submit([{}]);
      const first = await lease(jobId);
      const taken = { exitCode: null, reason: 'the nodes went to urgent work' };
      await agent.sayJobs(agent.report(first, 'started'), agent.report(first, 'preempted', taken));
      const second = await lease(jobId);
      await agent.sayJobs(agent.report(second, 'released', { startedAt: null, usage: null }));
      const third = await lease(jobId);
      await end(third);
      await inState(jobId, 'completed');
      const { attempts } = await jobOf(jobId ?? '');
      assert.deepEqual(
        attempts.map(({ outcome }) => outcome),
        ['preempted', 'released', 'completed'],
      );
      assert.equal(attempts[0]?.reason, 'the nodes went to urgent work');
    });
  });

  describe('that return their outputs', () => {
    const run = async (jobId: string | undefined) => {
      const held = await lease(jobId);
      const location = `${held.workFolder}/plots/a.png`;
      const outputs = [{ name: 'plot', location, sizeBytes: 4, sha256: null }];
      await agent.sayJobs(agent.report(held, 'completed', { outputs }));
      return agent.nextOrder(({ items }) => items.some(({ source }) => source === location));
    };

    test('count as completed when these are there', async () => {
      const [jobId] = await submit([{ returnTo: 'results:/mine' }]);
      const order = await run(jobId);
      assert.equal(order.items[0]?.destination, 'results:/mine/plots/a.png');
      assert.equal(await stateOf(jobId), 'stagingOut');
      await agent.sayTransfer(order, 'succeeded');
      await inState(jobId, 'completed');
      const { job } = await jobOf(jobId ?? '');
      assert.equal(job.outputs[0]?.location, 'results:/mine/plots/a.png');
      const [nothing] = await submit([{ returnTo: 'results:/mine' }]);
      await end(await lease(nothing));
      await inState(nothing, 'completed');
    });

    test('are canceled at the moment in which they arrive', async () => {
      const [jobId = ''] = await submit([{ returnTo: 'results:/mine' }]);
      const order = await run(jobId);
      const { db } = hub.hub;
      let said: Promise<unknown> | undefined;
      await db.transaction(async (tx) => {
        await lockReturningJobs(tx, [jobId]);
        said = agent.sayTransfer(order, 'succeeded');
        await until('the report waits', () => isAnyoneWaiting(db));
        // Otherwise each would wait for the other.
        assert.ok(await isRowFree(tx, 'transfers', order.transferId));
        const why = { at: hub.hub.now(), actor: null, reason: 'asked for' };
        await cancelOpenJobs(tx, [jobId], why);
      });
      await said;
      assert.equal(await stateOf(jobId), 'canceled');
    });

    test('fail when these cannot be brought back', async () => {
      const [jobId] = await submit([{ returnTo: 'results:/mine' }]);
      const order = await run(jobId);
      const reason = 'the disk is full';
      await agent.sayTransfer(order, 'failed', { reason, retryable: false });
      await inState(jobId, 'failed');
      const { job } = await jobOf(jobId ?? '');
      assert.equal(job.reason, `its outputs could not be brought back: ${reason}`);
    });

    test('have each a folder of its own where one request names one for many', async () => {
      const returnTo = 'results:/many/';
      const jobIds = await submit([{ returnTo }, { returnTo }]);
      for (const jobId of jobIds) {
        const { job } = await jobOf(jobId);
        assert.equal(job.returnTo, `results:/many/${jobId}`);
      }
      await hub.send('POST', '/jobs/cancel', { jobIds });
    });
  });

  test('the token of a job ends with its attempt', async () => {
    const [jobId] = await submit([{ mayUseHub: true }]);
    const held = await lease(jobId);
    assert.ok(held.token);
    const submitted = await hub.send(
      'POST',
      '/jobs',
      { jobs: [{ command: ['true'] }] },
      held.token,
    );
    assert.equal(submitted.status, 201);
    const [made] = submitted.body['jobIds'] as string[];
    assert.equal((await jobOf(made ?? '')).job.createdByJobId, jobId);
    await end(held);
    await inState(jobId, 'completed');
    const late = await hub.send('POST', '/jobs', { jobs: [{ command: ['true'] }] }, held.token);
    assert.equal(late.status, 401);
    await hub.send('POST', '/jobs/cancel', { jobIds: [made] });
  });
});
