import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { listPilots } from '@interpulse/store/pilots/pilots.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { computeState, startTestHub, type TestHub } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

const hourMs = 3_600_000;

/** Longer than its pilots live: by the hub's own clock they would have ended before they began. */
const farMs = 11 * hourMs;

describe('a site whose clock is far off', () => {
  let hub: TestHub;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });

  const isNow = (at: string | null | undefined, what: string): void => {
    const secondsOff = (Date.parse(at ?? '') - Date.now()) / 1000;
    assert.ok(Math.abs(secondsOff) < 30, `${what} is ${at}, ${secondsOff} s from now`);
  };

  for (const clockAheadMs of [farMs, -farMs]) {
    const name = clockAheadMs > 0 ? 'ahead' : 'behind';
    test(`${name}: its pilots get work, and its times are told by the hub's clock`, async () => {
      const identity = await hub.enrol(name);
      const state = computeState(name);
      const agent = new FakeAgent({
        url: hub.url,
        ...identity,
        state,
        pilotCores: 4,
        clockAheadMs,
      });
      await agent.ready();
      try {
        const jobId = await hub.submit({ site: name });
        const lease = await agent.nextLease(jobId);
        await agent.sayJobs(agent.report(lease, 'started'));
        await agent.sayJobs(agent.report(lease, 'completed'));
        const params = { path: { jobId } };
        const { job } = await unwrap(hub.admin.GET('/api/v1/jobs/{jobId}', { params }));
        assert.equal(job.state, 'completed');
        isNow(job.startedAt, 'the start');
        isNow(job.endedAt, 'the end');
        // As after a cut: the whole state, with the pilots' times.
        agent.vanish();
        await agent.restart();
        const again = await hub.submit({ site: name });
        await agent.sayJobs(agent.report(await agent.nextLease(again), 'completed'));
        await until('a pilot with its end', async () => {
          const pilots = await listPilots(hub.hub.db, { site: name, alive: true, limit: 10 });
          const hours = pilots.map(
            ({ endsAt }) => (Date.parse(endsAt ?? '') - Date.now()) / hourMs,
          );
          return hours.length > 0 && hours.every((left) => left > 9.9 && left < 10.1);
        });
      } finally {
        agent.vanish();
      }
    });
  }
});
