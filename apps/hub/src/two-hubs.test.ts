import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openDatabase } from '@interpulse/store/database.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import type { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { enrolWithPilot } from './testing/enrol-with-pilot.ts';
import { startTestHub, type TestHub } from './testing/start-test-hub.ts';

describe('two hubs on one database', () => {
  let first: TestHub;
  let second: TestHub;
  let agent: FakeAgent;

  before(async () => {
    const db = await openTestDatabase();
    first = await startTestHub(db);
    second = await startTestHub(openDatabase(db.connection, { log: silentLog }));
    agent = await enrolWithPilot(first, 'centre', { url: second.url });
  });
  after(async () => {
    agent.vanish();
    for (const hub of [second, first]) {
      await hub.stop();
      await hub.hub.db.close();
    }
  });

  test('a job given to one reaches the agent at the other at once', async () => {
    const startedMs = performance.now();
    const lease = await agent.nextLease(await first.submit());
    const ms = performance.now() - startedMs;
    assert.ok(ms < 2_000, `${ms} ms: by a timer, not by a notification`);
    await agent.sayJobs(agent.report(lease, 'completed'));
    const { body } = await first.send('GET', `/jobs/${lease.jobId}`);
    assert.equal((body['job'] as { state: string }).state, 'completed');
  });

  test('a transfer given to one is ordered by the other at once', async () => {
    const items = [{ source: 'centre-scratch:/a', destination: 'centre-scratch:/b' }];
    const startedMs = performance.now();
    const { status } = await first.send('POST', '/transfers', { items, project: 'demo' });
    assert.equal(status, 201);
    const order = await agent.nextOrder();
    const ms = performance.now() - startedMs;
    assert.ok(ms < 2_000, `${ms} ms: by a timer, not by a notification`);
    await agent.sayTransfer(order, 'succeeded');
  });

  test('what is canceled at one is ended by the other', async () => {
    const lease = await agent.nextLease(await first.submit());
    await agent.sayJobs(agent.report(lease, 'started'));
    await first.send('POST', `/jobs/${lease.jobId}/cancel`);
    const told = await agent.next('cancelJobs');
    assert.deepEqual(told.jobs, [{ jobId: lease.jobId, attempt: 1, pilotId: lease.pilotId }]);
    const items = [{ source: 'centre-scratch:/a', destination: 'centre-scratch:/c' }];
    await first.send('POST', '/transfers', { items, project: 'demo' });
    const order = await agent.nextOrder();
    await first.send('POST', `/transfers/${order.transferId}/cancel`);
    const ended = await agent.next('cancelTransfers');
    assert.deepEqual(ended.transferIds, [order.transferId]);
  });
});
