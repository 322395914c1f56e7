import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { poolOffer } from '@interpulse/testing/store/store-world.ts';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Job } from '@interpulse/domain/job/job.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { findJob } from '@interpulse/store/jobs/read-jobs.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { computeState, startTestHub, type TestHub } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

describe('submissions', () => {
  let hub: TestHub;
  const agents: FakeAgent[] = [];

  const enrol = async (site: string, cores: number, allowsCommands = true): Promise<void> => {
    const identity = await hub.enrol(site);
    const pools = [poolOffer({ coresPerNode: cores })];
    const state = computeState(site, { pools, allowsCommands });
    const fixed = { name: `${site}-archive`, title: '', writable: false };
    const collections = [...(state.collections ?? []), fixed];
    const agent = new FakeAgent({ url: hub.url, ...identity, state: { ...state, collections } });
    agents.push(agent);
    await agent.ready();
  };
  /** The paths and words of what is wrong. */
  const refused = async (body: object): Promise<[string, string][]> => {
    const answer = await hub.send('POST', '/jobs', body);
    assert.equal(answer.status, 422, JSON.stringify(answer.body));
    const errors = answer.body['errors'] as { loc: (string | number)[]; msg: string }[];
    return errors.map(({ loc, msg }) => [loc.join('.'), msg]);
  };
  const paths = async (body: object) => (await refused(body)).map(([path]) => path);
  const plain = { command: ['true'], project: 'demo' };

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    const n = { type: 'integer' };
    await unwrap(
      hub.admin.PUT('/api/v1/apps/{app}', {
        params: { path: { app: 'fit' } },
        body: {
          command: ['fit', '{n}', '{file}'],
          inputs: [{ name: 'file', required: true, description: '' }],
          parameters: { type: 'object', properties: { n }, required: ['n'] },
        },
      }),
    );
  });
  after(async () => {
    for (const agent of agents) agent.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  test('wait, with the reason, while there is no site at all', async () => {
    const jobId = await hub.submit({ resources: { cores: 999, gpus: 8 } });
    const read = () => hub.send('GET', `/jobs/${jobId}`);
    const reason = await until('the reason', async () => {
      const job = (await read()).body['job'] as { state: string; reason: string | null };
      assert.equal(job.state, 'queued');
      return job.reason ?? undefined;
    });
    assert.match(reason, /no site has enrolled/);
    await hub.send('POST', '/jobs/cancel', { jobIds: [jobId] });
  });

  test('have the defaults of their app, and a value for all that its command names', async () => {
    const properties = { seed: { type: 'integer', default: 7 }, damping: { type: 'number' } };
    await unwrap(
      hub.admin.PUT('/api/v1/apps/{app}', {
        params: { path: { app: 'spring' } },
        body: { command: ['spring', '{seed}', '{damping}'], parameters: { properties } },
      }),
    );
    const missing = 'app spring needs a value for "damping": its command has it';
    const lacking = { app: 'spring', project: 'demo', parameters: { seed: 1 } };
    const refusal = ['jobs.0.parameters.damping', missing];
    assert.deepEqual(await refused({ jobs: [lacking] }), [refusal]);
    const submissions = [
      [{ damping: 0.5 }, 7],
      [{ damping: 0.5, seed: 2 }, 2],
    ] as const;
    for (const [given, seed] of submissions) {
      const jobId = await hub.submit({ app: 'spring', command: undefined, parameters: given });
      const job = (await hub.send('GET', `/jobs/${jobId}`)).body['job'] as Job;
      assert.deepEqual(job.parameters, { seed, damping: 0.5 });
      await hub.send('POST', '/jobs/cancel', { jobIds: [jobId] });
    }
  });

  test('say everything that is wrong at once, and do nothing', async () => {
    await enrol('small', 4);
    await enrol('large', 16);
    const jobs = [
      { app: 'nowhere' },
      { app: 'fit', parameters: { n: 'one' }, inputs: { file: 'large-scratch:/a', other: 'x:/b' } },
      { app: 'fit', parameters: { n: 1 } },
      { ...plain, returnTo: 'large-archive:/a' },
      { ...plain, outputs: [{ name: 'all', path: '../../*' }] },
    ];
    assert.deepEqual((await paths({ common: { project: 'demo' }, jobs })).toSorted(), [
      'jobs.0.app',
      'jobs.1.inputs.other',
      'jobs.1.inputs.other',
      'jobs.1.parameters.n',
      'jobs.2.inputs.file',
      'jobs.3.returnTo',
      'jobs.4.outputs.0.path',
    ]);
    const { body } = await hub.send('GET', '/jobs/counts?state=open');
    assert.equal(body['total'], 0);
  });

  test('that no site could ever run name the one that comes nearest', async () => {
    const ask = (cores: number, site: unknown = 'any') =>
      refused({ common: plain, jobs: [{}, { resources: { cores }, site }] });
    const [[path, message] = []] = await ask(20);
    assert.equal(path, 'jobs.1.resources');
    assert.match(message ?? '', /large comes nearest, but has 16 cores a node, 20 asked for/);
    assert.match((await ask(8, 'small'))[0]?.[1] ?? '', /small comes nearest, but has 4 cores/);
    await enrol('closed', 32, false);
    const [, tooLarge] = (await ask(64))[0] ?? [];
    assert.match(tooLarge ?? '', /large comes nearest, but has 16 cores a node, 64 asked for/);
    // It would have to allow commands first, which its staff may do.
    const waits = await hub.submit({ resources: { cores: 20 } });
    await hub.send('POST', '/jobs/cancel', { jobIds: [waits] });
  });

  test('have parents of their own project that do not wait for themselves', async () => {
    const elsewhere = { name: 'other', title: '' };
    await unwrap(hub.admin.POST('/api/v1/projects', { body: elsewhere }));
    const foreign = await hub.submit({ project: 'other' });
    const none = 'job_00000000000000000000000000';
    const jobs = [
      { parents: [foreign] },
      { parents: [none] },
      { parents: [9] },
      { parents: [4] },
      { parents: [3] },
      { parents: [5] },
    ];
    assert.deepEqual((await paths({ common: plain, jobs })).toSorted(), [
      'jobs.0.parents.0',
      'jobs.1.parents.0',
      'jobs.2.parents.0',
      'jobs.3.parents.0',
      'jobs.5.parents.0',
    ]);
    await hub.send('POST', '/jobs/cancel', { jobIds: [foreign] });
  });

  test('of one app keep what each request says in common', async () => {
    const common = { app: 'fit', project: 'demo', inputs: { file: 'large-scratch:/a' } };
    const submit = async (more: object) => {
      const body = { common: { ...common, ...more }, jobs: [{ parameters: { n: 1 } }] };
      const { jobIds } = (await hub.send('POST', '/jobs', body)).body as { jobIds: string[] };
      const { job } = (await hub.send('GET', `/jobs/${jobIds[0]}`)).body as { job: Job };
      await hub.send('POST', '/jobs/cancel', { jobIds });
      return [job.site, job.resources.cores];
    };
    assert.deepEqual(await submit({}), ['any', 1]);
    assert.deepEqual(await submit({ site: 'large', resources: { cores: 9 } }), ['large', 9]);
    assert.deepEqual(await submit({ site: 'small' }), ['small', 1]);
  });

  test('take ten thousand jobs, in their order, as one ensemble', async () => {
    const jobs = Array.from({ length: limits.jobsPerSubmit }, (_, n) => ({ label: `point ${n}` }));
    const common = { ...plain, site: 'large', tags: { scan: '7' } };
    const body = { common, ensemble: { label: 'a scan', tags: {} }, jobs };
    const answer = await hub.send('POST', '/jobs', body);
    assert.equal(answer.status, 201);
    const { jobIds, ensembleId } = answer.body as { jobIds: string[]; ensembleId: string };
    assert.deepEqual(jobIds.toSorted(), jobIds);
    const grid = await hub.send('GET', `/ensembles/${ensembleId}/grid`);
    assert.deepEqual(grid.body['jobIds'], jobIds);
    const { body: last } = await hub.send('GET', `/jobs/${jobIds.at(-1)}`);
    assert.equal((last['job'] as { label: string }).label, 'point 9999');
    const row = async (jobId: string | undefined) => findJob(hub.hub.db, jobId ?? '');
    assert.equal((await row(jobIds[0]))?.spec_id, (await row(jobIds.at(-1)))?.spec_id);
    const canceled = await hub.send('POST', `/ensembles/${ensembleId}/cancel`);
    assert.deepEqual(canceled.body, { canceled: limits.jobsPerSubmit });
    const tooMany = { ...body, jobs: [...jobs, {}] };
    assert.equal((await hub.send('POST', '/jobs', tooMany)).status, 422);
  });

  test('of an ensemble have one project', async () => {
    const jobs = [{}, { project: 'other' }];
    assert.deepEqual(await paths({ common: plain, ensemble: { label: 'x' }, jobs }), ['ensemble']);
  });
});
