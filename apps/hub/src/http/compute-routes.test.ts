import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { poolOffer } from '@interpulse/testing/store/store-world.ts';
import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import { poolSettingsSchema } from '@interpulse/domain/site/site.ts';
import { openDatabase } from '@interpulse/store/database.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import type { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { sampleSites } from '../reconcilers/sample-sites.ts';
import { enrolWithPilot } from '../testing/enrol-with-pilot.ts';
import { computeState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

type Body = Record<string, unknown>;

/** What jobs have written, by `stdout`, as their site's agent tells it. */
class Logs {
  text = '';
  #wake: () => void = () => undefined;
  readonly asked: Question[] = [];

  write(text: string): void {
    this.text += text;
    this.#wake();
  }

  answer = (question: Question): Promise<{ message: Answer; attachment: Uint8Array }> => {
    this.asked.push(question);
    const bytes = Buffer.from(this.text);
    const after = question.ask === 'jobLog' ? (question.afterBytes ?? 0) : 0;
    const told = () => ({
      message: { answer: 'bytes' as const, sizeBytes: Buffer.byteLength(this.text) },
      attachment: Buffer.from(this.text).subarray(after),
    });
    const held = question.ask === 'jobLog' && question.waitSeconds > 0 && bytes.length <= after;
    if (!held) return Promise.resolve(told());
    return new Promise((resolve) => {
      this.#wake = () => resolve(told());
      setTimeout(this.#wake, question.waitSeconds * 1000);
    });
  };
}

describe('compute over the API', () => {
  let hub: TestHub;
  let second: TestHub;
  let agent: FakeAgent;
  let member: string;
  let reader: string;
  const logs = new Logs();

  before(async () => {
    const db = await openTestDatabase();
    hub = await startTestHub(db);
    second = await startTestHub(openDatabase(db.connection, { log: silentLog }));
    const settings = poolSettingsSchema.parse({ maxPilots: 4, nodesPerPilot: 2 });
    const state = computeState('centre', { pools: [poolOffer({ settings })], labels: ['fast'] });
    agent = await enrolWithPilot(hub, 'centre', { state, answer: logs.answer });
    member = await hub.addUser('member', 'member');
    reader = await hub.addUser('reader', 'reader');
  });
  after(async () => {
    agent.vanish();
    for (const each of [second, hub]) {
      await each.stop();
      await each.hub.db.close();
    }
  });

  const submitMany = async (body: Body, token?: string): Promise<Body> => {
    const sent = await hub.send('POST', '/jobs', body, token);
    assert.equal(sent.status, 201, JSON.stringify(sent.body));
    return sent.body;
  };
  const jobOf = async (jobId: string) =>
    (await hub.send('GET', `/jobs/${jobId}`)).body['job'] as {
      state: string;
      reason: string | null;
    };
  const nowhere = { command: ['true'], project: 'demo', site: 'nowhere' };

  describe('waiting', () => {
    test('answers when a job ends, in this hub and in another, and not by a timer', async () => {
      for (const at of [hub, second]) {
        const [one, other] = [await hub.submit(), await hub.submit()];
        const waiting = at.send('POST', '/jobs/wait', { jobIds: [one, other], waitSeconds: 20 });
        const lease = await agent.nextLease(other);
        const saidMs = performance.now();
        await agent.sayJobs(agent.report(lease, 'completed'));
        const { body } = await waiting;
        const ms = performance.now() - saidMs;
        assert.deepEqual(
          (body['ended'] as { id: string }[]).map(({ id }) => id),
          [other],
        );
        assert.ok(ms < 10_000, `${ms} ms`);
        await hub.send('POST', `/jobs/${one}/cancel`);
        await agent.nextLease(one);
      }
    });

    test('answers nothing after the wait, and what is not seen is named', async () => {
      const jobId = await hub.submit({ site: 'nowhere' });
      const short = { jobIds: [jobId], waitSeconds: 0.05 };
      assert.deepEqual((await hub.send('POST', '/jobs/wait', short)).body, { ended: [] });
      const unknown = `job_${'0'.repeat(26)}`;
      const wrong = await hub.send('POST', '/jobs/wait', { jobIds: [jobId, unknown] });
      assert.equal(wrong.status, 404);
      const [fault] = wrong.body['errors'] as { loc: unknown[] }[];
      assert.deepEqual(fault?.loc, ['jobIds', 1]);
      await hub.send('POST', `/jobs/${jobId}/cancel`);
    });
  });

  describe('selections', () => {
    test('a filter counts, lists and cancels the same jobs, each once', async () => {
      const common = { ...nowhere, tags: { scan: '7', part: 'a' } };
      const jobs = [{}, { urgency: 'urgent' }, { label: 'Special' }, { tags: { scan: '8' } }];
      const { jobIds } = await submitMany({ common, jobs });
      const ids = jobIds as string[];
      const count = async (query: string) =>
        (await hub.send('GET', `/jobs/counts?${query}`)).body['total'];
      assert.equal(await count('tags=scan:7'), 3);
      assert.equal(await count('tags=scan:7,part:a&urgency=urgent'), 1);
      assert.equal(await count('label=special&state=open'), 1);
      assert.equal(await count('site=nowhere&tags=scan:7'), 0);
      assert.equal(await count(`createdAfter=2999-01-01T00:00:00.000Z`), 0);
      assert.equal((await hub.send('GET', '/jobs/counts?colour=red')).status, 422);
      const filter = { tags: 'scan:7' };
      const cancel = () => hub.send('POST', '/jobs/cancel', { filter });
      assert.deepEqual((await cancel()).body, { canceled: 3 });
      assert.deepEqual((await cancel()).body, { canceled: 0 });
      assert.equal(await count('tags=scan:7&state=canceled'), 3);
      assert.deepEqual((await hub.send('POST', '/jobs/retry', { filter })).body, { retried: 3 });
      const all = { jobIds: [...ids, ids[0]] };
      assert.deepEqual((await hub.send('POST', '/jobs/cancel', all)).body, { canceled: 4 });
      const again = await hub.send('POST', `/jobs/${ids[0]}/retry`);
      assert.equal(again.body['state'], 'queued');
      assert.equal((await hub.send('POST', `/jobs/${ids[0]}/retry`)).status, 409);
      await hub.send('POST', '/jobs/cancel', all);
    });

    test('nothing and everything are refused, and who may only read changes nothing', async () => {
      const refused = async (body: Body, token?: string) =>
        (await hub.send('POST', '/jobs/cancel', body, token)).status;
      assert.equal(await refused({}), 422);
      assert.equal(await refused({ filter: {} }), 422);
      const jobId = await hub.submit({ site: 'nowhere' });
      assert.equal(await refused({ filter: { project: 'demo' } }, reader), 403);
      assert.equal(await refused({ filter: { state: 'queued' } }, reader), 403);
      assert.equal(await refused({ jobIds: [jobId] }, reader), 403);
      assert.equal(await refused({ filter: { project: 'other' } }, member), 404);
      assert.equal(await refused({ jobIds: [jobId] }, member), 200);
    });
  });

  test('an ensemble is submitted, seen and canceled as one', async () => {
    const request = { ensemble: { label: 'a scan', tags: { scan: '9' } }, common: nowhere };
    const { ensembleId, jobIds } = await submitMany({ ...request, jobs: [{}, {}, {}] });
    const path = `/ensembles/${String(ensembleId)}`;
    const seen = (await hub.send('GET', path)).body['ensemble'] as Body;
    assert.deepEqual([seen['total'], seen['counts'], seen['endedAt']], [3, { queued: 3 }, null]);
    const grid = (await hub.send('GET', `${path}/grid`)).body;
    assert.deepEqual(grid['jobIds'], jobIds);
    assert.equal((await hub.send('POST', `${path}/cancel`, undefined, reader)).status, 403);
    assert.deepEqual((await hub.send('POST', `${path}/cancel`)).body, { canceled: 3 });
    const listed = (await hub.send('GET', '/ensembles?open=true')).body['items'] as Body[];
    assert.ok(listed.every((ensemble) => ensemble['id'] !== ensembleId));
    const jobs = await hub.send('GET', `/jobs?ensemble=${String(ensembleId)}`);
    assert.equal((jobs.body['items'] as unknown[]).length, 3);
  });

  test('a log is followed as it is written, to its end', async () => {
    const jobId = await hub.submit();
    const read = (query: string) => hub.send('GET', `/jobs/${jobId}/log?${query}`);
    const early = read('after=0&wait=10');
    const lease = await agent.nextLease(jobId);
    await agent.sayJobs(agent.report(lease, 'started'));
    logs.write('one ');
    const first = (await early).body;
    assert.deepEqual([first['text'], first['next'], first['ended']], ['one ', 4, false]);
    const next = read('after=4&wait=10');
    await until('the question', async () => logs.asked.length >= 2);
    logs.write('two');
    assert.equal((await next).body['text'], 'two');
    const last = read('after=7&wait=15');
    await until('the question', async () => logs.asked.length >= 3);
    const saidMs = performance.now();
    await agent.sayJobs(agent.report(lease, 'completed'));
    const { body } = await last;
    assert.deepEqual([body['text'], body['next'], body['ended']], ['', 7, true]);
    assert.ok(performance.now() - saidMs < 3_000);
    assert.deepEqual((await read('')).body, {
      text: 'one two',
      next: 7,
      sizeBytes: 7,
      attempt: 1,
      ended: true,
    });
  });

  describe('sites', () => {
    test('a pool is tuned within what its site allows', async () => {
      const tune = (body: Body) => hub.send('PATCH', '/sites/centre/pools/default', body);
      const much = await tune({ maxPilots: 5 });
      assert.equal(much.status, 422);
      const [fault] = much.body['errors'] as { loc: unknown[]; msg: string }[];
      assert.deepEqual(fault?.loc, ['maxPilots']);
      assert.match(fault?.msg ?? '', /4 that the site allows/);
      const { body } = await tune({ maxPilots: 3, minWarm: 0 });
      const [pool] = body['pools'] as { settings: Body; limits: Body }[];
      assert.deepEqual([pool?.settings['maxPilots'], pool?.settings['minWarm']], [3, 0]);
      assert.equal(pool?.limits['maxPilots'], 4);
      assert.equal((await tune({ minWarm: 1 })).status, 200);
      assert.equal((await hub.send('PATCH', '/sites/centre/pools/none', {})).status, 404);
      const events = (await hub.send('GET', '/events?subjectType=site')).body['items'] as Body[];
      const changed = events.filter(({ kind }) => kind === 'site.poolChanged');
      assert.deepEqual(changed.at(-1)?.['data'], { pool: 'default', minWarm: 1 });
    });

    test('no work goes to a site in maintenance, until that is taken back', async () => {
      const now = Date.now();
      const window = {
        startsAt: new Date(now - 60_000).toISOString(),
        endsAt: new Date(now + 3_600_000).toISOString(),
        reason: 'cooling',
      };
      const wrong = { ...window, endsAt: window.startsAt };
      assert.equal((await hub.send('POST', '/sites/centre/maintenance', wrong)).status, 422);
      const { body } = await hub.send('POST', '/sites/centre/maintenance', window);
      const jobId = await hub.submit();
      const why = await until('a reason', async () => {
        const { state, reason } = await jobOf(jobId);
        return state === 'queued' && (reason ?? '');
      });
      assert.match(why, /cooling/);
      const path = `/sites/centre/maintenance/${String(body['id'])}`;
      assert.equal((await hub.send('DELETE', path)).status, 204);
      assert.equal((await hub.send('DELETE', path)).status, 404);
      const lease = await agent.nextLease(jobId);
      await agent.sayJobs(agent.report(lease, 'completed'));
    });

    test('a limit holds jobs back, says so, and lets them go', async () => {
      const limit = { project: 'demo', site: 'centre', maxJobs: 1 };
      assert.equal((await hub.send('PUT', '/placement-limits', { project: 'demo' })).status, 422);
      assert.equal((await hub.send('PUT', '/placement-limits', limit)).status, 200);
      const one = await agent.nextLease(await hub.submit());
      const held = await hub.submit();
      const why = await until('a reason', async () => {
        const { state, reason } = await jobOf(held);
        return state === 'queued' && (reason ?? '');
      });
      assert.match(why, /limit|most|1 job/i);
      const [use] = (await hub.send('GET', '/placement-limits')).body['items'] as Body[];
      assert.deepEqual([use?.['jobs'], use?.['app'], use?.['maxCores']], [1, null, null]);
      const path = '/placement-limits?project=demo&site=centre';
      assert.equal((await hub.send('DELETE', path)).status, 204);
      assert.equal((await hub.send('DELETE', path)).status, 404);
      const two = await agent.nextLease(held);
      await agent.sayJobs(agent.report(one, 'completed'), agent.report(two, 'completed'));
    });

    test('the use of sites is noted, and figures are there for operators', async () => {
      await sampleSites(hub.hub);
      const { body } = await hub.send('GET', '/sites/centre/usage?hours=1');
      const samples = body['samples'] as Body[];
      assert.deepEqual([samples.length, samples[0]?.['coresTotal']], [1, 4]);
      const answer = await fetch(`${hub.url}/api/v1/metrics`, {
        headers: { authorization: `Bearer ${hub.adminToken}` },
      });
      const text = await answer.text();
      assert.match(text, /interpulse_pilots\{pool="default",site="centre",state="running"\} 1/);
      assert.match(text, /interpulse_pool_queue_wait_seconds\{pool="default",site="centre"\} \d/);
      assert.match(text, /interpulse_leases_total [1-9]/);
    });
  });

  test('apps have a revision, the digests of their code, and an end', async () => {
    const unsafe = await hub.send('PUT', '/apps/fit', { command: ['echo "{n}"'], shell: true });
    assert.equal(unsafe.status, 422);
    assert.match(String(unsafe.body['detail']), /app fit cannot be saved/);
    const app = { command: ['fit', '{n}'], variants: { centre: { command: ['fit2', '{n}'] } } };
    const { body } = await hub.send('PUT', '/apps/fit', app);
    const digests = body['digests'] as Record<string, string>;
    assert.deepEqual(Object.keys(digests).toSorted(), ['*', 'centre']);
    assert.equal(body['revision'], 1);
    assert.equal((await hub.send('PUT', '/apps/fit', app)).body['revision'], 1);
    const changed = await hub.send('PUT', '/apps/fit', { ...app, title: 'Fit' });
    assert.deepEqual([changed.body['revision'], changed.body['digests']], [2, digests]);
    // Forms show the parameters in the order of their author.
    const properties = {
      steps: { type: 'integer' },
      n: { type: 'integer' },
      a: { type: 'number' },
      mid: { type: 'string' },
    };
    const parameters = { type: 'object', properties };
    const ordered = await hub.send('PUT', '/apps/fit', { ...app, parameters });
    assert.equal(JSON.stringify(ordered.body['parameters']), JSON.stringify(parameters));
    assert.equal((await hub.send('DELETE', '/apps/fit')).status, 204);
    assert.equal((await hub.send('GET', '/apps/fit')).status, 404);
    assert.equal((await hub.send('DELETE', '/apps/fit')).status, 404);
  });

  test('a job says all that it was asked with', async () => {
    const asked = {
      outputs: [{ name: 'log', path: 'logs/*', required: false }],
      environment: { LEVEL: 'debug' },
      restartable: true,
      mayUseHub: true,
    };
    const jobId = await hub.submit({ site: 'nowhere', ...asked });
    const { job } = (await hub.send('GET', `/jobs/${jobId}`)).body as { job: Body };
    const { outputRules: outputs, environment, restartable, mayUseHub } = job;
    assert.deepEqual({ outputs, environment, restartable, mayUseHub }, asked);
  });

  test('a job submits and cancels jobs with its own token, until its attempt ends', async () => {
    const jobId = await hub.submit({ mayUseHub: true });
    const lease = await agent.nextLease(jobId);
    const token = lease.token ?? '';
    assert.notEqual(token, '');
    await agent.sayJobs(agent.report(lease, 'started'));
    const who = await hub.send('GET', '/me', undefined, token);
    assert.deepEqual([who.body['jobId'], who.body['admin']], [jobId, false]);
    const { jobIds } = await submitMany({ jobs: [nowhere] }, token);
    const [child = ''] = jobIds as string[];
    const { job } = (await hub.send('GET', `/jobs/${child}`)).body as { job: Body };
    assert.equal(job['createdByJobId'], jobId);
    const { body: found } = await hub.send('GET', `/jobs?createdBy=${jobId}`);
    assert.deepEqual(
      (found['items'] as Body[]).map(({ id }) => id),
      [child],
    );
    const elsewhere = { jobs: [{ ...nowhere, project: 'other' }] };
    assert.equal((await hub.send('POST', '/jobs', elsewhere, token)).status, 404);
    assert.equal((await hub.send('POST', '/tokens', {}, token)).status, 403);
    const canceled = await hub.send('POST', `/jobs/${child}/cancel`, undefined, token);
    assert.equal(canceled.body['reason'], `canceled by the job ${jobId}`);
    await agent.sayJobs(agent.report(lease, 'completed'));
    assert.equal((await hub.send('GET', '/me', undefined, token)).status, 401);
  });

  test('work of a preempted pilot runs elsewhere, and is no worse for it', async () => {
    const jobId = await hub.submit();
    const lease = await agent.nextLease(jobId);
    await agent.sayJobs(agent.report(lease, 'started'));
    await agent.sayPilots('preempted', [lease.pilotId]);
    const { body } = await hub.send('GET', '/pilots?alive=true');
    const pilot = (body['items'] as Body[]).find(({ id }) => id === lease.pilotId);
    assert.deepEqual([pilot?.['state'], pilot?.['preemptions']], ['submitted', 1]);
    await agent.sayPilots('running', [lease.pilotId]);
    const again = await agent.nextLease(jobId);
    assert.equal(again.attempt, 2);
    await agent.sayJobs(agent.report(again, 'completed'));
    const seen = (await hub.send('GET', `/jobs/${jobId}`)).body;
    assert.deepEqual(
      (seen['attempts'] as Body[]).map(({ outcome }) => outcome),
      ['preempted', 'completed'],
    );
  });
});
