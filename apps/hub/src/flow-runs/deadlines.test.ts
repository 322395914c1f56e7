import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { analyzeApp } from '../testing/analyze-flow.ts';
import {
  computeState,
  instrumentState,
  startTestHub,
  type TestHub,
} from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const start = new Date().toISOString();
const inSeconds = (seconds: number) => addSeconds(start, seconds);

const action = (Next?: string) => ({
  Type: 'Action',
  ActionUrl: 'interpulse:compute',
  Parameters: { app: 'analyze', inputs: { file: 'centre-scratch:/a.h5' } },
  ResultPath: '$.Analyze',
  ...(Next === undefined ? { End: true } : { Next }),
});

describe('deadlines of flow runs', () => {
  let hub: TestHub;
  let beamline: FakeAgent;
  let centre: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    await analyzeApp(hub);
    const state = instrumentState('tokamak', 60);
    beamline = new FakeAgent({ url: hub.url, ...(await hub.enrol('beamline')), state });
    const site = { state: computeState('centre') };
    centre = new FakeAgent({ url: hub.url, ...(await hub.enrol('centre')), ...site });
    await Promise.all([beamline.ready(), centre.ready()]);
    const definition = { StartAt: 'Work', States: { Work: action('Plot'), Plot: action() } };
    await hub.saveFlow('work', definition);
    const source = { kind: 'file', instrument: 'tokamak', pattern: '**' };
    const trigger = { source, flowName: 'work', project: 'demo', deadline: 'nextShot' };
    const saved = await hub.send('PUT', '/triggers/every-shot', trigger);
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
  });
  after(async () => {
    beamline.vanish();
    centre.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const read = (flowRunId: string) =>
    unwrap(hub.admin.GET('/api/v1/flow-runs/{flowRunId}', { params: { path: { flowRunId } } }));
  const jobsOf = async (flowRun: string) =>
    (await unwrap(hub.admin.GET('/api/v1/jobs', { params: { query: { flowRun } } }))).items;
  const due = async (flowRunId: string) => {
    const { flowRun } = await read(flowRunId);
    const [job] = await jobsOf(flowRunId);
    return [flowRun.deadlineAt, job?.deadlineAt];
  };
  const tell = async (event: object) => {
    const told = await hub.send('POST', '/instruments/tokamak/events', event);
    assert.equal(told.status, 200, JSON.stringify(told.body));
  };
  const begin = async (deadlineAt: string | null): Promise<string> => {
    return hub.startFlow('work', {}, { deadlineAt, urgency: 'normal' });
  };
  const listed = async (query: string) => {
    const { body } = await hub.send('GET', `/flow-runs?${query}`);
    return (body['items'] as { id: string; predictedFinishAt: string | null }[]) ?? [];
  };

  test('the shot clock moves what is due at the next shot, and its open jobs', async () => {
    const shot = { instrument: 'tokamak', shotNumber: 7, takenAt: start };
    await beamline.say({ type: 'shotTaken', ...shot, nextShotAt: inSeconds(60) });
    await beamline.say({
      type: 'fileFinished',
      instrument: 'tokamak',
      path: '/shot_7.h5',
      sizeBytes: 1,
      modifiedAt: start,
      closedAt: start,
      shotNumber: 7,
      metadata: {},
    });
    const [run] = await listed('shot=7');
    const id = run?.id ?? '';
    assert.deepEqual(await due(id), [inSeconds(60), inSeconds(60)]);
    await tell({ kind: 'nextShotDue', run: 7, nextShotAt: inSeconds(600) });
    assert.deepEqual(await due(id), [inSeconds(600), inSeconds(600)]);
    // By the agent's word as well, and not by that of another shot.
    await beamline.say({ type: 'shotTaken', ...shot, nextShotAt: inSeconds(300) });
    await tell({ kind: 'shotTaken', run: 8, nextShotAt: inSeconds(900) });
    assert.deepEqual(await due(id), [inSeconds(300), inSeconds(300)]);
    const log = (await hub.send('GET', `/flow-runs/${id}/log`)).body['items'] as { code: string }[];
    assert.equal(log.filter(({ code }) => code === 'FlowDeadlineMoved').length, 2);

    const patched = await hub.send('PATCH', `/flow-runs/${id}`, { deadlineAt: inSeconds(1200) });
    assert.equal(patched.body['deadlineAt'], inSeconds(1200));
    assert.deepEqual(await due(id), [inSeconds(1200), inSeconds(1200)]);
    await tell({ kind: 'nextShotDue', run: 7, nextShotAt: inSeconds(40) });
    assert.deepEqual(await due(id), [inSeconds(1200), inSeconds(1200)], 'a person has said it');
    await hub.send('POST', `/flow-runs/${id}/cancel`);
    const late = await hub.send('PATCH', `/flow-runs/${id}`, { deadlineAt: inSeconds(50) });
    assert.equal(late.status, 409);
  });

  test('who may not change a flow run does not move its deadline', async () => {
    const id = await begin(inSeconds(100));
    const reader = await hub.addUser('rita', 'reader');
    const change = { deadlineAt: inSeconds(1) };
    const refused = await hub.send('PATCH', `/flow-runs/${id}`, change, reader);
    assert.equal(refused.status, 403);
    assert.deepEqual(await due(id), [inSeconds(100), inSeconds(100)]);
    await hub.send('POST', `/flow-runs/${id}/cancel`);
  });

  test('jobs go to pilots by the deadlines of their flow runs, moved ones too', async () => {
    const far = await begin(inSeconds(3000));
    const never = await begin(null);
    const near = await begin(inSeconds(900));
    const moved = await begin(inSeconds(5000));
    await hub.send('PATCH', `/flow-runs/${moved}`, { deadlineAt: inSeconds(300) });
    await until('jobs that are ready', async () => {
      const states = await Promise.all([far, never, near, moved].map(jobsOf));
      return states.every(([job]) => job?.state === 'ready') || undefined;
    });
    const { submit } = await centre.next('pilotOrders');
    const ids = submit.slice(0, 1).map(({ pilotId }) => pilotId);
    await centre.sayPilots('submitted', ids);
    await centre.sayPilots('running', ids, 1);
    const order: string[] = [];
    for (const run of [moved, near, far, never]) {
      const lease = await centre.nextLease();
      order.push((await jobsOf(run))[0]?.id === lease.jobId ? run : lease.jobId);
      await centre.sayJobs(centre.report(lease, 'started'));
      await centre.sayJobs(centre.report(lease, 'failed'));
    }
    assert.deepEqual(order, [moved, near, far, never]);
  });

  test('a run of a flow that was run before is foretold, and found when late', async () => {
    const taught = await begin(null);
    for (let step = 1; step <= 2; step += 1) {
      const lease = await centre.nextLease();
      await centre.sayJobs(centre.report(lease, 'started'));
      const output = {
        name: 'result',
        location: 'centre-scratch:/r.h5',
        sizeBytes: 1,
        sha256: null,
      };
      await centre.sayJobs(centre.report(lease, 'completed', { outputs: [output] }));
    }
    assert.equal((await read(taught)).flowRun.status, 'SUCCEEDED');
    // Learned within a second: what is learned from nobody is soon asked for again.
    const prediction = await until('a prediction', async () => {
      const found = await read(await begin(inSeconds(7200)));
      return found.prediction ?? undefined;
    });
    assert.deepEqual(
      prediction.steps.map(({ state, isCurrent }) => [state, isCurrent]),
      [
        ['Work', true],
        ['Plot', false],
      ],
    );
    assert.equal(prediction.willBeLate, false);
    assert.equal(prediction.finishAt, prediction.steps.at(-1)?.endAt);
    const open = await listed('filter=active&order=deadline');
    assert.ok(open.some(({ predictedFinishAt }) => predictedFinishAt !== null));

    const late = await begin(inSeconds(7200));
    await hub.send('PATCH', `/flow-runs/${late}`, { deadlineAt: new Date().toISOString() });
    const found = async (filter: string) =>
      (await listed(`filter=${filter}&limit=500`)).some(({ id }) => id === late);
    assert.deepEqual([await found('late'), await found('willBeLate')], [true, true]);
    await hub.send('PATCH', `/flow-runs/${late}`, { deadlineAt: null });
    assert.deepEqual([await found('late'), await found('willBeLate')], [false, false]);
  });

  test('the timing of an instrument counts its shots, for all who see instruments', async () => {
    const reader = await hub.addUser('ralf', 'reader');
    const { status, body } = await hub.send(
      'GET',
      '/instruments/tokamak/timing?shots=5',
      undefined,
      reader,
    );
    assert.equal(status, 200, JSON.stringify(body));
    const counts = body['counts'] as Record<string, number>;
    assert.equal(counts['failed'], 1, 'shot 7, whose flow run was canceled');
    assert.equal(counts['none'], 1, 'shot 8, which has no file');
    const [, seventh] = body['shots'] as { number: number; wholeSeconds: number | null }[];
    assert.equal(seventh?.number, 7);
    assert.ok((seventh?.wholeSeconds ?? -1) >= 0);
    const many = await hub.send('GET', '/instruments/tokamak/timing?shots=100000');
    assert.equal(many.status, 422);
  });
});
