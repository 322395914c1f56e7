import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { openDatabase, type Database } from '@interpulse/store/database.ts';
import { applyReports } from '@interpulse/testing/store/store-world.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { endTransferAttempts } from '@interpulse/store/transfers/change-transfers.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import type { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { noticeForgottenEnds } from '../reconcilers/notice-forgotten-ends.ts';
import { analyzeApp, analyzeFlow, preview } from '../testing/analyze-flow.ts';
import { enrolTwoSites } from '../testing/enrol-two-sites.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';

describe('flow runs and hubs that end', () => {
  let hub: TestHub;
  let beamline: FakeAgent;
  let centre: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    await analyzeApp(hub);
    await analyzeFlow(hub, null);
    ({ beamline, centre } = await enrolTwoSites(hub));
  });
  after(async () => {
    beamline.vanish();
    centre.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  /** The order for the inputs of the flow run on this file. */
  const inputs = (name: string) =>
    centre.nextOrder(({ items }) => items[0]?.source === `raw:/${name}.h5`);
  /** The order that brings the result back to the beamline. */
  const returned = (name: string) =>
    beamline.nextOrder(({ items }) => items[0]?.source === `centre-scratch:/${name}/result`);
  const start = async (name: string): Promise<string> => {
    const input = { input: { file: `raw:/${name}.h5`, returnTo: 'results:/' } };
    return hub.startFlow('answer', input);
  };
  const read = (flowRunId: string) =>
    unwrap(hub.admin.GET('/api/v1/flow-runs/{flowRunId}', { params: { path: { flowRunId } } }));
  const cancel = (flowRunId: string) =>
    unwrap(
      hub.admin.POST('/api/v1/flow-runs/{flowRunId}/cancel', { params: { path: { flowRunId } } }),
    );
  /** A hub on the same database that lives as long as the work; its end is a crash. */
  const secondOpening = (db: Database): Database => openDatabase(db.connection, { log: silentLog });

  test('canceling a flow run cancels its job, and the pilot is told', async () => {
    const id = await start('canceled-job');
    const order = await inputs('canceled-job');
    await centre.sayTransfer(order, 'succeeded');
    const lease = await centre.nextLease();
    await centre.sayJobs(centre.report(lease, 'started'));
    assert.equal((await cancel(id)).status, 'ENDED');
    const told = await centre.next('cancelJobs');
    assert.deepEqual(told.jobs, [{ jobId: lease.jobId, attempt: 1, pilotId: lease.pilotId }]);
    const { steps } = await read(id);
    assert.deepEqual(
      steps.map(({ status }) => status),
      ['canceled'],
    );
    await centre.sayJobs(centre.report(lease, 'completed'));
    const job = await hub.send('GET', `/jobs/${lease.jobId}`);
    assert.equal((job.body['job'] as { state: string }).state, 'canceled');
  });

  test('canceling a flow run cancels its transfer, and both ends are told', async () => {
    const id = await start('canceled-transfer');
    const order = await inputs('canceled-transfer');
    await centre.sayTransfer(order, 'succeeded');
    const lease = await centre.nextLease();
    const outputs = ['result', 'preview'].map((name) => ({
      name,
      location: `centre-scratch:/canceled/${name}`,
      sizeBytes: 1,
      sha256: null,
    }));
    await centre.sayJobs(centre.report(lease, 'completed', { outputs, preview }));
    const back = await returned('canceled');
    await cancel(id);
    for (const agent of [beamline, centre]) {
      const told = await agent.next('cancelTransfers');
      assert.deepEqual(told.transferIds, [back.transferId]);
    }
  });

  test('a job that failed fails the flow run, with the reason', async () => {
    const id = await start('failing');
    await centre.sayTransfer(await inputs('failing'), 'succeeded');
    const lease = await centre.nextLease();
    await centre.sayJobs(centre.report(lease, 'failed', { reason: 'it ran out of memory' }));
    const { flowRun } = await read(id);
    assert.equal(flowRun.status, 'FAILED');
    assert.match(flowRun.reason ?? '', /ran out of memory/);
  });

  test('an input that cannot be moved fails the job and the flow run', async () => {
    const id = await start('missing');
    const order = await inputs('missing');
    const reason = 'raw:/missing.h5 does not exist';
    await centre.sayTransfer(order, 'failed', { retryable: false, reason });
    const { flowRun } = await read(id);
    assert.equal(flowRun.status, 'FAILED');
    assert.match(flowRun.reason ?? '', /does not exist/);
  });

  test('a transfer that failed for the moment is ordered again', async () => {
    const id = await start('again');
    const first = await inputs('again');
    await centre.sayTransfer(first, 'failed', { retryable: true });
    await centre.sayTransfer(first, 'succeeded');
    const second = await inputs('again');
    assert.equal(second.transferId, first.transferId);
    assert.equal(second.attempt, 2);
    await cancel(id);
  });

  test('a hub that dies between the end of a job and the next step is made good', async () => {
    const id = await start('forgotten');
    await centre.sayTransfer(await inputs('forgotten'), 'succeeded');
    const lease = await centre.nextLease();
    const outputs = ['result', 'preview'].map((name) => ({
      name,
      location: `centre-scratch:/forgotten/${name}`,
      sizeBytes: 1,
      sha256: null,
    }));
    const site = await hub.send('GET', '/sites/centre');
    const dying = secondOpening(hub.hub.db);
    await applyReports(
      dying,
      String(site.body['id']),
      centre.report(lease, 'completed', { outputs }),
    );
    await dying.close();
    assert.equal((await read(id)).flowRun.stateName, 'Analyze');
    await noticeForgottenEnds(hub.hub);
    const back = await returned('forgotten');
    const gone = secondOpening(hub.hub.db);
    const end = { reason: null, notBeforeAt: null, bytesDone: 1, filesDone: 1, files: [] };
    const { transferId, attempt } = back;
    const ended = { ...end, id: transferId, attempt, state: 'succeeded' as const };
    await endTransferAttempts(gone, null, [ended], hub.hub.now());
    await gone.close();
    assert.equal((await read(id)).flowRun.stateName, 'Return');
    await noticeForgottenEnds(hub.hub);
    assert.equal((await read(id)).flowRun.status, 'SUCCEEDED');
  });

  test('a new hub on the same database goes on where the old one ended', async () => {
    const id = await start('moved');
    const order = await inputs('moved');
    const port = Number(new URL(hub.url).port);
    const { db } = hub.hub;
    const token = hub.adminToken;
    await hub.stop();
    hub = await startTestHub(db, { port });
    assert.notEqual(hub.adminToken, token);
    const again = await inputs('moved');
    assert.deepEqual(again, order);
    await centre.sayTransfer(again, 'succeeded');
    const lease = await centre.nextLease();
    const outputs = ['result', 'preview'].map((name) => ({
      name,
      location: `centre-scratch:/moved/${name}`,
      sizeBytes: 1,
      sha256: null,
    }));
    await centre.sayJobs(centre.report(lease, 'completed', { outputs, preview }));
    const back = await returned('moved');
    await beamline.sayTransfer(back, 'succeeded');
    assert.equal((await read(id)).flowRun.status, 'SUCCEEDED');
  });

  test('a flow that refuses a file does not keep it out of the catalog', async () => {
    const flow = await hub.send('GET', '/flows/answer');
    const { definition } = flow.body;
    const inputSchema = { type: 'object', required: ['sample'] };
    await hub.send('PUT', '/flows/picky', { definition, inputSchema, project: 'demo' });
    const source = { kind: 'file', instrument: 'tokamak' };
    const trigger = { source, flowName: 'picky', project: 'demo' };
    assert.equal((await hub.send('PUT', '/triggers/picky', trigger)).status, 200);
    await beamline.say({
      type: 'fileFinished',
      instrument: 'tokamak',
      path: '/odd.h5',
      sizeBytes: 1,
      modifiedAt: '2026-11-21T12:00:00.000Z',
      closedAt: '2026-11-21T12:00:00.000Z',
      shotNumber: 1,
      metadata: {},
    });
    const found = await hub.send('GET', '/datasets?q=odd');
    assert.equal((found.body['items'] as unknown[]).length, 1);
    const events = await hub.send('GET', '/events?subjectType=trigger&subjectId=picky&limit=9');
    const kinds = (events.body['items'] as { kind: string }[]).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['trigger.saved', 'trigger.failed']);
  });
});
