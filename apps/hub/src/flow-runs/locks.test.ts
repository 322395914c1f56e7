import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { countDeadlocks } from '@interpulse/testing/database/count-deadlocks.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import type { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { enrolWithPilot } from '../testing/enrol-with-pilot.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const work = {
  Type: 'Action',
  ActionUrl: 'interpulse:compute',
  Parameters: { app: 'bare' },
  WaitTime: 3600,
  ResultPath: '$.job',
  End: true,
};
/** Four jobs beside each other: the end of one cancels the others when it failed. */
const four = {
  StartAt: 'Four',
  States: {
    Four: {
      Type: 'Parallel',
      Branches: ['A', 'B', 'C', 'D'].map((name) => ({ StartAt: name, States: { [name]: work } })),
      ResultPath: '$.four',
      End: true,
    },
  },
};

const rounds = 25;

describe('ends of jobs against the ends of their flow run', () => {
  let hub: TestHub;
  let centre: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    await hub.saveApp('bare');
    await hub.saveFlow('four', four);
    centre = await enrolWithPilot(hub, 'centre', { pilotCores: 8 });
  });
  after(async () => {
    centre.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  test('a report, a failure and a cancel at once wait for each other in one order', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const id = await hub.startFlow('four');
      const leases = [];
      for (let count = 0; count < 4; count += 1) leases.push(await centre.nextLease());
      const [one, two, three, four_] = leases;
      assert.ok(one && two && three && four_);
      const jobs = leases.map(({ jobId }) => jobId);
      // In the order in which rows are not locked, as far as a message can say.
      await Promise.all([
        centre.sayJobs(centre.report(four_, 'completed'), centre.report(one, 'completed')),
        centre.sayJobs(centre.report(three, 'failed', { reason: 'no memory' })),
        hub.send('POST', `/flow-runs/${id}/cancel`),
        hub.send('POST', `/jobs/${two.jobId}/cancel`),
        hub.send('POST', '/jobs/cancel', { jobIds: jobs.toReversed() }),
      ]);
      await until('the end of the flow run', async () => {
        const read = await hub.send('GET', `/flow-runs/${id}`);
        return (read.body['flowRun'] as { endedAt: string | null }).endedAt !== null;
      });
      for (const jobId of jobs) {
        const read = await hub.send('GET', `/jobs/${jobId}`);
        const { state } = read.body['job'] as { state: string };
        assert.ok(['completed', 'failed', 'canceled'].includes(state), state);
      }
    }
    assert.equal(await countDeadlocks(hub.hub.db), 0);
  });
});
