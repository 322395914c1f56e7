import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { foreignMappingSchema } from '@interpulse/domain/flow/import/foreign-mapping.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { openDatabase } from '@interpulse/store/database.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { applyReports } from '@interpulse/testing/store/store-world.ts';
import { noticeForgottenEnds } from '../reconcilers/notice-forgotten-ends.ts';
import { computeState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const id = (digit: number): string => `00000000-0000-4000-8000-00000000000${digit}`;
const globus = 'https://compute.actions.globus.org/v3';

/** As a definition for Globus has several calls of functions in one step. */
const foreign = {
  endpoint_id: id(3),
  tasks: [1, 2, 3].map((n) => ({ function_id: id(4), args: [], kwargs: { n } })),
};

type Held = Awaited<ReturnType<FakeAgent['nextLease']>>;

const outputs = (value: number) => [
  { name: 'result', location: 'centre-scratch:/r.json', sizeBytes: 2, sha256: null, value },
];

/** Starts flow runs of one such step, and looks how they are. */
function askingOf(world: () => { hub: TestHub; centre: FakeAgent }) {
  const start = async (Parameters: object, ActionUrl = 'interpulse:compute', more: object = {}) => {
    const { hub } = world();
    const Work = { Type: 'Action', ActionUrl, Parameters, ResultPath: '$.Work', End: true };
    const definition = { StartAt: 'Work', States: { Work: { ...Work, ...more } } };
    await hub.saveFlow('work', definition);
    const input = { _private: { key: 'swordfish' } };
    return hub.startFlow('work', input);
  };
  const look = async (flowRunId: string) => {
    const { hub } = world();
    const path = { params: { path: { flowRunId } } };
    const { flowRun, steps } = await unwrap(hub.admin.GET('/api/v1/flow-runs/{flowRunId}', path));
    return { flowRun, step: steps[0] as Schemas['FlowStep'] };
  };
  const leasesOf = async (ensemble: string | null) => {
    const { hub, centre } = world();
    const query = { ensemble: ensemble as `ensemble_${string}`, limit: 50 };
    const { items } = await unwrap(hub.admin.GET('/api/v1/jobs', { params: { query } }));
    const jobs = items.toSorted((a, b) => Number(a.parameters['n']) - Number(b.parameters['n']));
    return until('all leases', async () => {
      const leases = jobs.map(({ id: job }) =>
        [...centre.leases.values()].find(({ jobId }) => jobId === job),
      );
      return Promise.resolve(leases.every((each) => each !== undefined) ? leases : undefined);
    });
  };
  /** No work of its steps has begun. */
  const waits = async (flowRunId: string): Promise<boolean> => {
    const { hub } = world();
    const { body } = await hub.send('GET', '/flow-runs?filter=waiting');
    return (body['items'] as { id: string }[]).some((item) => item.id === flowRunId);
  };
  return { start, look, waits, leasesOf };
}

describe('a compute step of several jobs', () => {
  let hub: TestHub;
  let centre: FakeAgent;

  before(async () => {
    const mapping = foreignMappingSchema.parse({
      sites: { [id(3)]: 'centre' },
      apps: { [id(4)]: 'count' },
    });
    hub = await startTestHub(await openTestDatabase(), { mapping });
    const outputs = [{ name: 'result', path: 'result.json', required: false }];
    const properties = { n: { type: 'integer' }, token: { type: 'string' } };
    const parameters = { type: 'object', properties, required: ['n'] };
    const app = { command: ['count', '{n}'], outputs, parameters };
    const resources = { cores: 1, walltimeSeconds: 60 };
    const saved = await hub.send('PUT', '/apps/count', { ...app, resources });
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    const state = computeState('centre');
    centre = new FakeAgent({ url: hub.url, ...(await hub.enrol('centre')), state, pilotCores: 8 });
    await centre.ready();
  });
  after(async () => {
    centre.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const done = (lease: Held, value: number) =>
    centre.report(lease, 'completed', { outputs: outputs(value) });
  const { start, look, waits, leasesOf } = askingOf(() => ({ hub, centre }));

  test('of Globus: all run, and their values stand in the order of the tasks', async () => {
    const flowRunId = await start(foreign, globus);
    const { step } = await look(flowRunId);
    assert.equal(step.jobId, null);
    const [first, second, third] = (await leasesOf(step.ensembleId)) as [Held, Held, Held];
    assert.deepEqual(first.parameters, { n: 1 });
    assert.equal(await waits(flowRunId), true);
    await centre.sayJobs(done(third, 30));
    assert.equal(await waits(flowRunId), false);
    await centre.sayJobs(done(first, 10));
    assert.equal((await look(flowRunId)).step.status, 'active');
    await centre.sayJobs(done(second, 20));
    const { flowRun, step: ended } = await look(flowRunId);
    assert.equal(flowRun.status, 'SUCCEEDED', flowRun.reason ?? '');
    const {
      status,
      action_id: action,
      details,
    } = ended.result as {
      status: string;
      action_id: string;
      details: JsonObject & { jobs: { jobId: string; state: string }[] };
    };
    assert.deepEqual(
      [status, action, details['ensembleId']],
      ['SUCCEEDED', step.ensembleId, step.ensembleId],
    );
    const ids = [first, second, third].map(({ jobId }) => jobId);
    assert.deepEqual(details['result'], [10, 20, 30]);
    assert.deepEqual(
      details['results'],
      ids.map((task, n) => ({ task_id: task, output: 10 * (n + 1) })),
    );
    assert.deepEqual(
      details.jobs.map(({ jobId, state }) => [jobId, state]),
      ids.map((job) => [job, 'completed']),
    );
  });

  test('one that fails fails the step when all have ended, and all are told', async () => {
    const tasks = [{ parameters: { n: 1 } }, { parameters: { n: 2 } }, { parameters: { n: 3 } }];
    const flowRunId = await start({ app: 'count', tasks }, undefined, {
      ExceptionOnActionFailure: false,
    });
    const [first, second, third] = (await leasesOf((await look(flowRunId)).step.ensembleId)) as [
      Held,
      Held,
      Held,
    ];
    await centre.sayJobs(centre.report(second, 'failed', { reason: 'it exited with 3' }));
    assert.equal((await look(flowRunId)).step.status, 'active');
    // Both in one message: the step ends once.
    await centre.sayJobs(done(first, 1), done(third, 3));
    const { status, details } = (await look(flowRunId)).step.result as {
      status: string;
      details: { jobs: { state: string; reason?: string }[]; reason: string; result: unknown };
    };
    assert.equal(status, 'FAILED');
    assert.equal(details.reason, '2 of 3 jobs completed; job 2 failed: it exited with 3');
    assert.deepEqual(
      details.jobs.map(({ state, reason }) => [state, reason]),
      [
        ['completed', undefined],
        ['failed', 'it exited with 3'],
        ['completed', undefined],
      ],
    );
    assert.deepEqual(details.result, [1, null, 3]);
  });

  test('all are begun or none', async () => {
    const before = (await hub.send('GET', '/jobs?limit=500')).body['items'] as unknown[];
    const tasks = [{ parameters: { n: 1 } }, { parameters: { n: 'two' } }, { app: 'missing' }];
    const flowRunId = await start({ app: 'count', tasks });
    const { flowRun, step } = await look(flowRunId);
    assert.match(flowRun.reason ?? '', /ActionUnableToRun.*task 2: .*task 3: .*"missing"/s);
    assert.equal(step.ensembleId, null);
    const now = (await hub.send('GET', '/jobs?limit=500')).body['items'] as unknown[];
    assert.equal(now.length, before.length);
    const { reason } = (await look(await start({ 'tasks.=': '[{"app": "count"}, {}]' }))).flowRun;
    assert.match(reason ?? '', /name the app, here or in each of the tasks/);
  });

  test('of steps that are started together a bad one leaves the others as they are', async () => {
    const Parameters = { app: 'count', parameters: { 'n.$': '$.n' } };
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Bad', ResultPath: '$.error' }];
    const Work = { Type: 'Action', ActionUrl: 'interpulse:compute', Parameters, Catch, End: true };
    const Each = {
      Type: 'Map',
      ItemsPath: '$.ns',
      ResultPath: '$.each',
      ItemSelector: { 'n.$': '$._context.Map.Item.Value' },
      ItemProcessor: { StartAt: 'Work', States: { Work, Bad: { Type: 'Pass', End: true } } },
      End: true,
    };
    const definition = { StartAt: 'Each', States: { Each } };
    await hub.saveFlow('each', definition);
    const input = { ns: [1, 'two', 3, 4] };
    const { body } = await hub.send('POST', '/flow-runs', { flow: 'each', input });
    const flowRun = body['id'] as `flowrun_${string}`;
    const shown = await unwrap(
      hub.admin.GET('/api/v1/flow-runs/{flowRunId}', { params: { path: { flowRunId: flowRun } } }),
    );
    const inner = shown.steps.filter(({ stateName }) => stateName.endsWith('/Work'));
    const numbers = inner.map(async ({ jobId }) => {
      if (jobId === null) return 'none';
      const { job } = (await hub.send('GET', `/jobs/${jobId}`)).body as { job: Schemas['Job'] };
      return job.parameters['n'];
    });
    assert.deepEqual(await Promise.all(numbers), [1, 'none', 3, 4]);
    assert.match(inner[1]?.reason ?? '', /n/);
    await hub.send('POST', `/flow-runs/${flowRun}/cancel`, {});
  });

  test('what the step says holds for all, what a task says goes before it', async () => {
    const shared = { app: 'count', label: 'sums', tags: { scan: '4' }, urgency: 'urgent' };
    const tasks = [{ label: 'mine', resources: { cores: 2 } }, { parameters: { n: 6 } }];
    const parameters = { n: 5, token: 'all' };
    const flowRunId = await start({ ...shared, parameters, tasks, returnTo: 'centre-scratch:/b' });
    const { step } = await look(flowRunId);
    const ensembleId = step.ensembleId ?? 'ensemble_';
    const [one, two] = (await leasesOf(ensembleId)) as [Held, Held];
    assert.deepEqual([one.parameters, one.resources.cores], [{ n: 5, token: 'all' }, 2]);
    assert.deepEqual([two.parameters, two.resources.cores], [{ n: 6, token: 'all' }, 1]);
    const jobs = await Promise.all(
      [one, two].map(async ({ jobId }) => {
        const { body } = await hub.send('GET', `/jobs/${jobId}`);
        const { label, tags, urgency, returnTo } = body['job'] as Schemas['Job'];
        return { label, tags, urgency, isOwn: returnTo === `centre-scratch:/b/${jobId}` };
      }),
    );
    const same = { tags: { scan: '4' }, urgency: 'urgent', isOwn: true };
    assert.deepEqual(jobs, [
      { label: 'mine', ...same },
      { label: 'sums (2 of 2)', ...same },
    ]);
    const shown = await hub.send('GET', `/ensembles/${ensembleId}`);
    const { label, total } = shown.body['ensemble'] as Schemas['Ensemble'];
    assert.deepEqual([label, total], ['sums', 2]);
    await hub.send('POST', `/flow-runs/${flowRunId}/cancel`, {});
  });

  test('with the flow run all are canceled', async () => {
    const flowRunId = await start(foreign, globus);
    const { step } = await look(flowRunId);
    const [first] = await leasesOf(step.ensembleId);
    if (first !== undefined) await centre.sayJobs(done(first, 1));
    const sent = await hub.send('POST', `/flow-runs/${flowRunId}/cancel`, {});
    assert.ok(sent.status < 300, JSON.stringify(sent.body));
    const { body } = await hub.send('GET', `/ensembles/${step.ensembleId}`);
    const { counts } = body['ensemble'] as Schemas['Ensemble'];
    assert.deepEqual(counts, { completed: 1, canceled: 2 });
  });

  test('an end that a hub did not live to tell is told, once all have ended', async () => {
    const flowRunId = await start(foreign, globus);
    const leases = await leasesOf((await look(flowRunId)).step.ensembleId);
    const site = String((await hub.send('GET', '/sites/centre')).body['id']);
    for (const [place, lease] of leases.entries()) {
      const dying = openDatabase(hub.hub.db.connection, { log: silentLog });
      if (lease !== undefined) await applyReports(dying, site, done(lease, place));
      await dying.close();
      await noticeForgottenEnds(hub.hub);
      const { flowRun } = await look(flowRunId);
      assert.equal(flowRun.status, place === leases.length - 1 ? 'SUCCEEDED' : 'ACTIVE');
    }
  });

  test("one task's private value is hidden in its job, and no other", async () => {
    const secret = { __Private_Parameters: ['token'], 'token.$': '$._private.key', n: 1 };
    const tasks = [{ parameters: secret }, { parameters: { n: 2, token: 'open' } }];
    const flowRunId = await start({ app: 'count', tasks });
    const { step } = await look(flowRunId);
    const leases = await leasesOf(step.ensembleId);
    assert.deepEqual(leases[0]?.parameters, { n: 1, token: 'swordfish' });
    const shown = leases.map(async (lease) => {
      const { body } = await hub.send('GET', `/jobs/${lease?.jobId}`);
      return (body['job'] as Schemas['Job']).parameters['token'];
    });
    assert.deepEqual(await Promise.all(shown), ['(private)', 'open']);
    const [first, second] = leases;
    if (first === undefined || second === undefined) return;
    const reason = 'it exited with 1: see its stderr: no swordfish here';
    await centre.sayJobs(centre.report(first, 'failed', { reason }), done(second, 2));
    assert.equal((await look(flowRunId)).flowRun.status, 'FAILED');
    const own = `/flow-runs/${flowRunId}`;
    const shared = [`/ensembles/${step.ensembleId}`, `/jobs?ensemble=${step.ensembleId}`];
    for (const path of [own, `${own}/log`, ...shared]) {
      const { body, status } = await hub.send('GET', path);
      assert.equal(status, 200);
      assert.ok(!JSON.stringify(body).includes('swordfish'), JSON.stringify(body));
    }
  });
});
