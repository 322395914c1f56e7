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
import { until } from './testing/until.ts';
import { analyzeFlow, analyzeApp, preview } from './testing/analyze-flow.ts';

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

  test('a finished file becomes dataset, flow run, job, transfer, lease, result and answer', async () => {
    await instrument.say({
      type: 'shotTaken',
      instrument: 'tokamak',
      shotNumber: 7,
      takenAt: new Date().toISOString(),
      nextShotAt: new Date(Date.now() + 60_000).toISOString(),
    });
    await instrument.say(finished(7));
    const { items: runs } = await unwrap(
      hub.admin.GET('/api/v1/flow-runs', { params: { query: { instrument: 'tokamak' } } }),
    );
    const [run] = runs;
    assert.equal(runs.length, 1);
    assert.equal(run?.status, 'ACTIVE');
    assert.equal(run?.shotNumber, 7);
    assert.equal(
      run?.deadlineAt,
      (
        await hub.admin.GET('/api/v1/instruments/{instrument}', {
          params: { path: { instrument: 'tokamak' } },
        })
      ).data?.nextShotAt,
    );

    const receive = await site.nextOrder();
    const send = await instrument.nextOrder();
    assert.equal(receive.role, 'receive');
    assert.deepEqual(receive.peer, { host: '127.0.0.1', port: 9, fingerprint: null });
    assert.equal(send.role, 'send');
    assert.equal(send.peer, null);
    assert.equal(receive.secret, send.secret);
    assert.equal(receive.items[0]?.source, 'raw:/shots/shot_7.h5');
    await site.sayTransfer(receive, 'succeeded', {
      files: [
        {
          path: '/x',
          source: 'raw:/shots/shot_7.h5',
          sizeBytes: 1000,
          xxh3: 'ab',
          status: 'copied',
        },
      ],
    });

    const lease = await site.nextLease();
    assert.equal(lease.attempt, 1);
    assert.equal(lease.inputs['file'], receive.items[0]?.destination);
    assert.equal(lease.workFolder, `centre-scratch:/jobs/${lease.jobId}/attempt-1`);
    await site.sayJobs(site.report(lease, 'started'));
    const result = { name: 'result', location: `${lease.workFolder}/result.h5`, sizeBytes: 70 };
    const image = { name: 'preview', location: `${lease.workFolder}/preview.json`, sizeBytes: 5 };
    await site.sayJobs(site.report(lease, 'completed', { outputs: [result, image], preview }));

    const back = await instrument.nextOrder(({ role }) => role === 'receive');
    assert.equal(back.items[0]?.destination, 'results:/answers/shot_7/result.h5');
    await instrument.sayTransfer(back, 'succeeded');

    const path = { flowRunId: run?.id ?? '' };
    const done = await unwrap(hub.admin.GET('/api/v1/flow-runs/{flowRunId}', { params: { path } }));
    assert.equal(done.flowRun.status, 'SUCCEEDED', done.flowRun.reason ?? '');
    assert.equal(done.flowRun.stepsDone, 3);
    const datasetId = done.flowRun.resultDatasetId ?? '';
    const dataset = await unwrap(
      hub.admin.GET('/api/v1/datasets/{datasetId}', { params: { path: { datasetId } } }),
    );
    assert.equal(dataset.dataset.hasPreview, true);
    assert.equal(dataset.dataset.jobId, lease.jobId);
    assert.deepEqual(
      dataset.sources.map((source) => source.id),
      [run?.datasetId],
    );
    assert.deepEqual(
      dataset.files.map((file) => file.sizeBytes),
      [70],
    );
    const raw = await unwrap(
      hub.admin.GET('/api/v1/datasets/{datasetId}', {
        params: { path: { datasetId: run?.datasetId ?? '' } },
      }),
    );
    assert.equal(raw.files[0]?.xxh3, 'ab');
    const { items: shots } = await unwrap(
      hub.admin.GET('/api/v1/instruments/{instrument}/shots', {
        params: { path: { instrument: 'tokamak' } },
      }),
    );
    assert.equal(shots[0]?.resultDatasetId, datasetId);
    assert.equal(shots[0]?.inTime, true);
    assert.ok((shots[0]?.answerSeconds ?? -1) >= 0);
    const { items: events } = await unwrap(
      hub.admin.GET('/api/v1/events', { params: { query: { flowRun: run?.id ?? '' } } }),
    );
    const kinds = events.map((event) => event.kind);
    const order = [
      'job.queued',
      'job.placed',
      'transfer.queued',
      'transfer.dispatched',
      'transfer.succeeded',
      'job.ready',
      'job.started',
      'job.completed',
      'dataset.registered',
      'flowRun.succeeded',
    ];
    const places = order.map((kind) => kinds.indexOf(kind));
    assert.ok(
      places.every((place) => place >= 0),
      kinds.join(),
    );
    assert.deepEqual(
      places.toSorted((a, b) => a - b),
      places,
      kinds.join(),
    );
  });

  test('the same file again registers and starts nothing', async () => {
    await instrument.say(finished(7));
    const { items } = await unwrap(
      hub.admin.GET('/api/v1/flow-runs', { params: { query: { instrument: 'tokamak' } } }),
    );
    assert.equal(items.length, 1);
    const { items: datasets } = await unwrap(
      hub.admin.GET('/api/v1/datasets', { params: { query: { kind: 'raw' } } }),
    );
    assert.equal(datasets.length, 1);
  });
});
