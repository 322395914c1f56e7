import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { connectClient } from './connect-client.ts';
import { unwrap } from './create-client.ts';
import { retryingFetch } from './retrying-fetch.ts';
import { submit } from './submission.ts';

type Step = Response | Error;

/** A hub that answers by a script, and keeps what it was asked. */
const script = (...steps: Step[]) => {
  const requests: Request[] = [];
  const send = async (request: Request): Promise<Response> => {
    requests.push(request);
    const step = steps.shift();
    if (step instanceof Response) return step;
    throw step ?? new Error('asked too often');
  };
  return { send, requests };
};

const submitted = () => Response.json({ jobIds: ['job_1'], ensembleId: null }, { status: 201 });
const cut = () => new TypeError('fetch failed');
const baseUrl = 'http://hub.example';

test('a submission cut off is sent again as it was, with its key', async () => {
  const { send, requests } = script(cut(), new Response('', { status: 502 }), submitted());
  const { client } = connectClient({ baseUrl, token: 'ip_x', fetch: send }, {});
  const { jobIds } = await submit(client, { jobs: [{ app: 'work' }] });
  assert.deepEqual(jobIds, ['job_1']);
  const keys = new Set(requests.map(({ headers }) => headers.get('idempotency-key')));
  assert.equal(requests.length, 3);
  assert.equal(keys.size, 1);
  const bodies = await Promise.all(requests.map((request) => request.text()));
  assert.deepEqual(new Set(bodies), new Set(['{"jobs":[{"app":"work"}]}']));
});

test('what must not happen twice is not repeated, nor what is refused', async () => {
  for (const step of [cut(), new Response('', { status: 503 })]) {
    const { send, requests } = script(step);
    const { client } = connectClient({ baseUrl, fetch: send }, {});
    const retry = client.POST('/api/v1/jobs/retry', { body: { jobIds: ['job_1'] } });
    await assert.rejects(unwrap(retry));
    assert.equal(requests.length, 1);
  }
  const { send, requests } = script(new Response('', { status: 422 }));
  const { client } = connectClient({ baseUrl, fetch: send }, {});
  await assert.rejects(unwrap(client.GET('/api/v1/jobs', {})), DomainError);
  assert.equal(requests.length, 1);
});

test('retries end: with the patience, and with the signal', async () => {
  const many = script(...Array.from({ length: 50 }, cut));
  await assert.rejects(retryingFetch(many.send, 400)(new Request(baseUrl)), /fetch failed/);
  assert.ok(many.requests.length >= 2 && many.requests.length < 10, `${many.requests.length}`);
  const stop = new AbortController();
  const stopped = script(...Array.from({ length: 50 }, cut));
  const asked = retryingFetch(stopped.send)(new Request(baseUrl, { signal: stop.signal }));
  stop.abort();
  await assert.rejects(asked);
  assert.ok(stopped.requests.length <= 2);
});

test('the hub is that of the job, then of the environment; tokens stay at their address', () => {
  const address = ({ baseUrl: url, token }: ReturnType<typeof connectClient>) => [url, token];
  const environment = { INTERPULSE_URL: 'http://a.example/', INTERPULSE_TOKEN: 'ip_a' };
  assert.deepEqual(address(connectClient({}, environment)), ['http://a.example', 'ip_a']);
  const within = { ...environment, INTERPULSE_HUB: 'http://mine.example' };
  assert.deepEqual(address(connectClient({}, within)), ['http://mine.example', 'ip_a']);
  const other = connectClient({ baseUrl: 'http://b.example' }, environment);
  assert.deepEqual(address(other), ['http://b.example', undefined]);
  const given = connectClient({ baseUrl: 'http://b.example', token: 'ip_b' }, environment);
  assert.deepEqual(address(given), ['http://b.example', 'ip_b']);
  assert.throws(() => connectClient({}, {}), /INTERPULSE_URL/);
});
