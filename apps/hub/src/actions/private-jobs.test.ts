import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Question } from '@interpulse/api/agent-messages/questions.ts';
import type { Job } from '@interpulse/domain/job/job.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { computeState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const secret = 'swordfish-4711';
const redacted = '(private)';
const log = Buffer.from(`asking with ${secret}, and again ${secret}\n`);

/** A site that has the log of every job. */
function answer(question: Question) {
  assert.ok(question.ask === 'jobLog');
  const { afterBytes, maxBytes } = question;
  const from = afterBytes ?? Math.max(0, log.length - maxBytes);
  const message = { answer: 'bytes', sizeBytes: log.length } as const;
  return { message, attachment: log.subarray(from, from + maxBytes) };
}

describe('private parameters of jobs', () => {
  let hub: TestHub;
  let centre: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    const body = {
      command: ['fetch', '--token={token}', '{token}', '{count}'],
      parameters: {},
      resources: { cores: 1, walltimeSeconds: 60 },
    };
    const saved = await hub.send('PUT', '/apps/fetch', body);
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    const state = computeState('centre');
    centre = new FakeAgent({
      url: hub.url,
      ...(await hub.enrol('centre')),
      state,
      pilotCores: 4,
      answer,
    });
    await centre.ready();
  });
  after(async () => {
    centre.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  test('reach the site, and nobody who reads', async () => {
    const Parameters = {
      app: 'fetch',
      parameters: { __Private_Parameters: ['token'], 'token.$': '$._private.key', count: 3 },
      environment: { __Private_Parameters: ['TOKEN'], 'TOKEN.$': '$._private.key', PLAIN: 'x' },
    };
    const action = { Type: 'Action', ActionUrl: 'interpulse:compute', Parameters, End: true };
    const definition = { StartAt: 'Fetch', States: { Fetch: action } };
    await hub.saveFlow('fetch', definition);
    const id = await hub.startFlow('fetch', { _private: { key: secret } });
    const lease = await centre.nextLease();
    assert.deepEqual(lease.parameters, { token: secret, count: 3 });
    assert.equal(lease.environment['TOKEN'], secret);
    const argv = ['fetch', `--token=${secret}`, secret, '3'];
    await centre.sayJobs(centre.report(lease, 'started', { argv }));
    const reason = `it exited with 1: no door for ${secret}`;
    const stderrTail = `Error: ${secret} was refused`;
    await centre.sayJobs(centre.report(lease, 'failed', { reason, stderrTail }));
    await until('the end of the flow run', async () => {
      const { body } = await hub.send('GET', `/flow-runs/${id}`);
      return (body['flowRun'] as { endedAt: string | null }).endedAt !== null;
    });
    const runPaths = ['', '/log', '/log/file', '/output'].map((part) => `/flow-runs/${id}${part}`);
    const job = `/jobs/${lease.jobId}`;
    const others = [job, `${job}/explain`, `/jobs?flowRun=${id}`, `/events?flowRun=${id}`];
    for (const path of [...runPaths, ...others, '/events?subjectType=job', '/flow-runs']) {
      const headers = { authorization: `Bearer ${hub.adminToken}` };
      const answer = await fetch(`${hub.url}/api/v1${path}`, { headers });
      const text = await answer.text();
      assert.equal(answer.status, 200, `${path}: ${text}`);
      assert.ok(!text.includes(secret), `${path}: ${text}`);
    }
    for (let after = 0; after < log.length; after += 5) {
      const read = await hub.send('GET', `${job}/log?after=${after}`);
      const text = String(read.body['text']);
      assert.equal(text.replaceAll(redacted, '').search(/[wf]ord|fish|\d/), -1, text);
    }
    const tail = await hub.send('GET', `${job}/log`);
    assert.equal(tail.body['text'], `asking with ${redacted}, and again ${redacted}\n`);
    const { body } = await hub.send('GET', job);
    const { parameters, environment } = body['job'] as Job;
    assert.deepEqual(parameters, { token: redacted, count: 3 });
    assert.deepEqual(environment, { TOKEN: redacted, PLAIN: 'x' });
    const [attempt] = body['attempts'] as { argv: string[] }[];
    assert.deepEqual(attempt?.argv, ['fetch', redacted, redacted, '3']);
    const again = await hub.send('POST', `${job}/retry`);
    assert.ok(!JSON.stringify(again.body).includes(secret));
    assert.equal((await centre.nextLease()).parameters['token'], secret, 'also the second time');
  });
});
