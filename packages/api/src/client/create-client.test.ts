import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DomainError, errorKinds, type ErrorKind } from '@interpulse/domain/error.ts';
import { createClient, problemToError, unwrap } from './create-client.ts';

const answering = (status: number, body: unknown, type = 'application/json') => {
  const requests: Request[] = [];
  const client = createClient({
    baseUrl: 'http://hub.example',
    token: 'ip_secret',
    fetch: (request) => {
      requests.push(request);
      const headers = { 'content-type': type };
      return Promise.resolve(new Response(JSON.stringify(body), { status, headers }));
    },
  });
  return { client, requests };
};

test('a request names its token, its path and its query', async () => {
  const { client, requests } = answering(200, { items: [], next: null });
  const page = await unwrap(
    client.GET('/api/v1/jobs', { params: { query: { state: 'open', limit: 5 } } }),
  );
  assert.deepEqual(page.items, []);
  assert.equal(requests[0]?.url, 'http://hub.example/api/v1/jobs?state=open&limit=5');
  assert.equal(requests[0]?.headers.get('authorization'), 'Bearer ip_secret');
});

test('a problem becomes the error that it was, with its faults', async () => {
  const errors = [{ loc: ['jobs', 0], msg: 'too many', type: 'too_big' }];
  const problem = { type: '/problems/invalid', title: 'x', status: 422, detail: 'no', errors };
  const { client } = answering(422, problem, 'application/problem+json');
  await assert.rejects(unwrap(client.GET('/api/v1/me')), (error) => {
    assert.ok(error instanceof DomainError);
    assert.deepEqual([error.kind, error.message, error.faults], ['invalid', 'no', errors]);
    return true;
  });
});

test('an answer that is no problem document is told by its status', () => {
  const kinds: Record<number, ErrorKind> = {
    400: 'invalid',
    401: 'unauthenticated',
    403: 'forbidden',
    404: 'notFound',
    409: 'conflict',
    413: 'invalid',
    429: 'exhausted',
    500: 'unavailable',
    502: 'unavailable',
    503: 'unavailable',
  };
  for (const [status, kind] of Object.entries(kinds)) {
    for (const body of [undefined, null, 'Bad gateway', { type: '/problems/nonsense' }]) {
      assert.equal(problemToError(body, Number(status)).kind, kind);
    }
  }
  for (const kind of errorKinds) {
    assert.equal(problemToError({ type: `/problems/${kind}` }, 418).kind, kind);
  }
});
