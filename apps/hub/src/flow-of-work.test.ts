import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import {
  computeState,
  instrumentState,
  startTestHub,
  type TestHub,
} from './testing/start-test-hub.ts';
import { analyzeFlow, analyzeApp, preview } from './testing/analyze-flow.ts';

const finished = (shotNumber: number) => ({
  type: 'fileFinished' as const,
  instrument: 'tokamak',
  path: `/shots/shot_${shotNumber}.h5`,
  sizeBytes: 1000,
  modifiedAt: '2026-11-21T12:00:00.000Z',
  closedAt: new Date().toISOString(),
  shotNumber,
  metadata: { power: 3 },
});

describe('from a file to its answer', () => {
  let hub: TestHub;
  let instrument: FakeAgent;
  let site: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    await analyzeApp(hub);
    instrument = new FakeAgent({
      url: hub.url,
      ...(await hub.enrol('beamline')),
      state: instrumentState('tokamak', 60),
    });
    site = new FakeAgent({
      url: hub.url,
      ...(await hub.enrol('centre')),
      state: computeState('centre'),
      pilotCores: 4,
    });
    await Promise.all([instrument.ready(), site.ready()]);
    await analyzeFlow(hub, 'tokamak');
  });
  after(async () => {
    instrument.vanish();
    site.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const flowRuns = async () => {
    const query = { instrument: 'tokamak' };
    return (await unwrap(hub.admin.GET('/api/v1/flow-runs', { params: { query } }))).items;
  };
  const flowRun = async (flowRunId: string) => {
    const path = { flowRunId };
    return unwrap(hub.admin.GET('/api/v1/flow-runs/{flowRunId}', { params: { path } }));
  };
  const dataset = async (datasetId: string) => {
    const path = { datasetId };
    return unwrap(hub.admin.GET('/api/v1/datasets/{datasetId}', { params: { path } }));
  };
  let runId = '';
  let datasetId = '';
  let lease: Awaited<ReturnType<FakeAgent['nextLease']>>;

  test('a finished file starts one flow run with the deadline of its shot', async () => {
    const nextShotAt = new Date(Date.now() + 60_000).toISOString();
    const taken = { instrument: 'tokamak', shotNumber: 7, takenAt: new Date().toISOString() };
    await instrument.say({ type: 'shotTaken', ...taken, nextShotAt });
    await instrument.say(finished(7));
    const [run, ...others] = await flowRuns();
    assert.deepEqual(others, []);
    assert.deepEqual([run?.status, run?.shotNumber, run?.deadlineAt], ['ACTIVE', 7, nextShotAt]);
    runId = run?.id ?? '';
    datasetId = run?.datasetId ?? '';
  });

  test('both ends of the transfer are told, with one secret and one that listens', async () => {
    const receive = await site.nextOrder();
    const send = await instrument.nextOrder();
    assert.deepEqual([receive.role, send.role], ['receive', 'send']);
    assert.deepEqual(receive.peer, { host: '127.0.0.1', port: 9, fingerprint: null });
    assert.equal(send.peer, null);
    assert.equal(receive.secret, send.secret);
    const [item] = receive.items;
    const source = 'raw:/shots/shot_7.h5';
    assert.equal(item?.source, source);
    const file = { path: '/x', source, sizeBytes: 1000, xxh3: 'ab', status: 'copied' as const };
    await site.sayTransfer(receive, 'succeeded', { files: [file] });
    lease = await site.nextLease();
    assert.equal(lease.attempt, 1);
    assert.equal(lease.inputs['file'], item?.destination);
    assert.equal(lease.workFolder, `centre-scratch:/jobs/${lease.jobId}/attempt-1`);
    assert.equal((await dataset(datasetId)).files[0]?.xxh3, 'ab');
  });

  test('the end of the job publishes the result, and the result is brought back', async () => {
    await site.sayJobs(site.report(lease, 'started'));
    const result = {
      name: 'result',
      location: `${lease.workFolder}/result.h5`,
      sizeBytes: 70,
      sha256: null,
    };
    const image = {
      name: 'preview',
      location: `${lease.workFolder}/preview.json`,
      sizeBytes: 5,
      sha256: null,
    };
    await site.sayJobs(site.report(lease, 'completed', { outputs: [result, image], preview }));
    const back = await instrument.nextOrder(({ role }) => role === 'receive');
    assert.equal(back.items[0]?.destination, 'results:/answers/shot_7/result.h5');
    await instrument.sayTransfer(back, 'succeeded');
    const done = (await flowRun(runId)).flowRun;
    assert.equal(done.status, 'SUCCEEDED', done.reason ?? '');
    assert.equal(done.stepsDone, 3);
    const published = await dataset(done.resultDatasetId ?? '');
    assert.equal(published.dataset.hasPreview, true);
    const figure = { value: 12.5, error: 0.5, unit: '1/s' };
    assert.deepEqual(published.dataset.metadata, { 'decay rate': figure });
    const query = { q: 'decay' };
    const found = await unwrap(hub.admin.GET('/api/v1/datasets', { params: { query } }));
    assert.deepEqual(
      found.items.map(({ id }) => id),
      [published.dataset.id],
    );
    assert.equal(published.dataset.jobId, lease.jobId);
    assert.deepEqual(
      published.sources.map((source) => source.id),
      [datasetId],
    );
    assert.equal(published.files[0]?.sizeBytes, 70);
  });

  test('the shot is answered in time', async () => {
    const params = { path: { instrument: 'tokamak' } };
    const shots = await unwrap(hub.admin.GET('/api/v1/instruments/{instrument}/shots', { params }));
    const [shot] = shots.items;
    assert.equal(shot?.resultDatasetId, (await flowRun(runId)).flowRun.resultDatasetId);
    assert.equal(shot?.inTime, true);
    assert.ok((shot?.answerSeconds ?? -1) >= 0);
  });

  test('the history tells it in its order', async () => {
    const query = { flowRun: runId };
    const { items } = await unwrap(hub.admin.GET('/api/v1/events', { params: { query } }));
    const order = ['job.queued', 'job.placed', 'transfer.dispatched'];
    order.push('transfer.succeeded', 'job.ready', 'job.started', 'job.completed');
    order.push('dataset.registered', 'flowRun.succeeded');
    const seen = items.map((event) => event.kind).filter((kind) => order.includes(kind));
    assert.deepEqual([...new Set(seen)], order);
  });

  test('the same file again registers and starts nothing', async () => {
    await instrument.say(finished(7));
    assert.equal((await flowRuns()).length, 1);
    const found = await hub.send('GET', '/datasets?kind=raw');
    assert.equal((found.body['items'] as unknown[]).length, 1);
  });
});
