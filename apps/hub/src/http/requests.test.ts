import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { after, before, describe, test } from 'node:test';
import { problemSchema } from '@interpulse/api/routes/contract.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';

describe('requests', () => {
  let hub: TestHub;
  let portal: string;

  before(async () => {
    portal = await mkdtemp(join(tmpdir(), 'interpulse-portal-test-'));
    await mkdir(join(portal, 'assets'));
    await writeFile(join(portal, 'index.html'), '<title>portal</title>');
    await writeFile(join(portal, 'assets', 'app-1.js'), 'export {};');
    hub = await startTestHub(await openTestDatabase(), { portal });
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
    await rm(portal, { recursive: true });
  });

  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${hub.url}${path}`, init);
  const asAdmin = (headers: Record<string, string> = {}) => ({
    authorization: `Bearer ${hub.adminToken}`,
    ...headers,
  });
  const json = { 'content-type': 'application/json' };
  const postJobs = (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    ask('/api/v1/jobs', { method: 'POST', headers: asAdmin({ ...json, ...headers }), body });
  const job = { command: ['true'], project: 'demo', site: 'nowhere' };

  /** Every refusal is a problem document with its own status. */
  const refused = async (answer: Response, status: number, detail: RegExp): Promise<void> => {
    assert.equal(answer.status, status);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
    const problem = problemSchema.parse(await answer.json());
    assert.equal(problem.status, status);
    assert.match(problem.detail, detail);
  };

  test('what is not JSON is refused', async () => {
    await refused(await postJobs('{"jobs": [}'), 400, /The body is no JSON: Unexpected token '}'/);
    await refused(await postJobs('{"jobs": [{"__proto__": {}}]}'), 400, /named __proto__/);
    await refused(await postJobs('{"constructor": {"prototype": 1}}'), 400, /named constructor/);
    await refused(await postJobs('', {}), 400, /body/i);
    await refused(await postJobs('jobs', { 'content-type': 'text/xml' }), 415, /Media Type/);
  });

  test('a body that is too large is refused', async () => {
    await refused(await postJobs(`"${'x'.repeat(17 * 1024 * 1024)}"`), 413, /too large/);
  });

  test('so is one that is too large only when it is unpacked', async () => {
    const large = gzipSync(`"${'x'.repeat(64 * 1024 * 1024)}"`);
    await refused(await postJobs(large, { 'content-encoding': 'gzip' }), 413, /too large/);
  });

  test('what is nested without end is refused', async () => {
    for (const depth of [20_000, 200_000]) {
      const deep = '['.repeat(depth) + ']'.repeat(depth);
      const body = `{"jobs":[{"command":["true"],"parameters":{"deep":${deep}}}]}`;
      await refused(await postJobs(body), 422, /nested too deeply/);
    }
  });

  test('unknown keys are refused by their path, in body and query', async () => {
    const answer = await postJobs(JSON.stringify({ jobs: [{ ...job, walltime: 5 }] }));
    assert.equal(answer.status, 422);
    const problem = problemSchema.parse(await answer.json());
    assert.deepEqual(problem.errors?.[0]?.loc, ['jobs', 0, 'walltime']);
    const outside = await postJobs(JSON.stringify({ jobs: [job], walltime: 5 }));
    await refused(outside, 422, /walltime/);
    const inside = await postJobs(JSON.stringify({ jobs: [job], ensemble: { label: '' } }));
    const { errors: [empty] = [] } = problemSchema.parse(await inside.json());
    assert.deepEqual(empty?.loc, ['ensemble', 'label']);
    const query = await ask('/api/v1/jobs?colour=red', { headers: asAdmin() });
    await refused(query, 422, /colour/);
    await refused(await ask('/api/v1/jobs?limit=501', { headers: asAdmin() }), 422, /^query.limit/);
    await refused(await ask('/api/v1/jobs/job_1', { headers: asAdmin() }), 422, /jobId/);
    const doubled = await ask('/api/v1/jobs?limit=1&limit=2', { headers: asAdmin() });
    await refused(doubled, 422, /limit/);
  });

  test('every fault of every job comes back at once, and nothing is half done', async () => {
    const jobs = [job, { app: 'nothing', project: 'demo' }, { app: 'void', project: 'demo' }];
    const answer = await postJobs(JSON.stringify({ jobs }));
    assert.equal(answer.status, 422);
    const { errors = [] } = problemSchema.parse(await answer.json());
    assert.deepEqual(
      errors.map(({ loc }) => loc.join('.')),
      ['jobs.1.app', 'jobs.2.app'],
    );
    const listed = await hub.send('GET', '/jobs?label=&app=nothing');
    assert.deepEqual(listed.body['items'], []);
  });

  test('what is left out, no id, or no status is named as that', async () => {
    const asked = (path: string) => ask(`/api/v1${path}`, { headers: asAdmin() });
    await refused(await asked('/flow-runs/nope'), 422, /flowRunId: .* begins with flowrun_/);
    await refused(await asked('/flow-runs?status=BAD'), 422, /status: write one of ACTIVE, /);
    const init = { method: 'POST', headers: asAdmin(json), body: '{}' };
    await refused(await ask('/api/v1/flow-runs', init), 422, /^flow: this field is required/);
  });

  test('texts that cannot be stored are refused', async () => {
    const answer = await postJobs(JSON.stringify({ jobs: [{ ...job, label: 'a\0b' }] }));
    await refused(answer, 422, /NUL/);
    await refused(await ask('/api/v1/datasets?q=%00', { headers: asAdmin() }), 422, /NUL/);
  });

  test('unknown routes and broken addresses are refused', async () => {
    await refused(await ask('/api/v1/nothing', { headers: asAdmin() }), 404, /GET \/api/);
    await refused(await ask('/api/v1/jobs', { method: 'DELETE' }), 404, /DELETE/);
    await refused(await ask('/api/v1/jobs/%E0%A4%A', { headers: asAdmin() }), 400, /.+/);
  });

  test('a token that is unknown, revoked or expired is refused', async () => {
    const headers = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    await refused(await ask('/api/v1/me', headers('ip_0000000000')), 401, /unknown/);
    await refused(await ask('/api/v1/me', headers('short')), 401, /unknown/);
    const session = '/api/v1/agents/session/long';
    const bytes = {
      method: 'POST',
      headers: asAdmin({ 'content-type': 'application/octet-stream' }),
    };
    await refused(await ask(session, { ...bytes, body: 'x' }), 401, /agent enrol .*--code CODE/);
    await refused(await ask('/api/v1/me'), 401, /send a token/);
    await refused(await ask('/api/v1/me', { headers: { authorization: 'Basic eDp5' } }), 401, /./);
    const made = await hub.send('POST', '/tokens', { expiresAt: '2020-01-01T00:00:00.000Z' });
    await refused(await ask('/api/v1/me', headers(String(made.body['secret']))), 401, /expired/);
    const second = await hub.send('POST', '/tokens', {});
    const secret = String(second.body['secret']);
    assert.equal((await ask('/api/v1/me', headers(secret))).status, 200);
    const { id } = second.body['token'] as { id: string };
    await hub.send('DELETE', `/tokens/${id}`);
    await refused(await ask('/api/v1/me', headers(secret)), 401, /revoked/);
  });

  describe('a browser', () => {
    const signIn = async (): Promise<{ answer: Response; code: string; cookie: string }> => {
      const { body } = await hub.send('POST', '/sign-in-codes');
      const code = String(body['code']);
      const answer = await useCode(code);
      const cookie = answer.headers.get('set-cookie') ?? '';
      return { answer, code, cookie: cookie.split(';')[0] ?? '' };
    };
    const useCode = (code: string): Promise<Response> =>
      ask('/api/v1/sign-in', { method: 'POST', headers: json, body: JSON.stringify({ code }) });

    test('signs in by a code once, with a cookie that scripts cannot read', async () => {
      const { answer, code, cookie } = await signIn();
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Strict/);
      assert.equal((await ask('/api/v1/me', { headers: { cookie } })).status, 200);
      await refused(await useCode(code), 401, /used/);
    });

    test('two that use a code at the same moment: one signs in', async () => {
      const { body } = await hub.send('POST', '/sign-in-codes');
      const code = String(body['code']);
      const answers = await Promise.all([useCode(code), useCode(code), useCode(code)]);
      const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
      assert.deepEqual(statuses, [200, 401, 401]);
    });

    test('cannot be made to act by a page from elsewhere', async () => {
      const { cookie } = await signIn();
      const act = (origin: string): Promise<Response> =>
        ask('/api/v1/tokens', {
          method: 'POST',
          headers: { cookie, origin, ...json },
          body: '{}',
        });
      await refused(await act('http://evil.example'), 403, /evil/);
      await refused(await act('http://127.0.0.1:1'), 403, /session/);
      await refused(await act('null'), 403, /session/);
      assert.equal((await act(hub.url)).status, 201);
    });

    test('signs out for good', async () => {
      const { cookie } = await signIn();
      const out = await ask('/api/v1/sign-out', { method: 'POST', headers: { cookie } });
      assert.equal(out.status, 204);
      await refused(await ask('/api/v1/me', { headers: { cookie } }), 401, /./);
    });
  });

  describe('an Idempotency-Key', () => {
    test('makes a repeat harmless, also beside the first', async () => {
      const body = JSON.stringify({ jobs: [{ ...job, label: 'once' }] });
      const send = () => postJobs(body, { 'idempotency-key': 'key-1' });
      const answers = await Promise.all([send(), send(), send()]);
      const ids = await Promise.all(answers.map((answer) => answer.json()));
      assert.deepEqual(ids[0], ids[1]);
      assert.deepEqual(ids[0], ids[2]);
      const listed = await hub.send('GET', '/jobs?label=once');
      assert.equal((listed.body['items'] as unknown[]).length, 1);
    });

    test('is refused for another request, and forgets one that failed', async () => {
      const key = { 'idempotency-key': 'key-2' };
      const bad = JSON.stringify({ jobs: [{ app: 'none', project: 'demo' }] });
      assert.equal((await postJobs(bad, key)).status, 422);
      assert.equal((await postJobs(JSON.stringify({ jobs: [job] }), key)).status, 201);
      const other = JSON.stringify({ jobs: [{ ...job, label: 'other' }] });
      await refused(await postJobs(other, key), 409, /take a new one/);
      const long = { 'idempotency-key': 'k'.repeat(201) };
      await refused(await postJobs(other, long), 422, /200 characters/);
    });
  });

  test('paging walks all rows once while rows are added', async () => {
    const submitMany = (count: number) => {
      const jobs = Array.from({ length: count }, () => ({ ...job, label: 'walked' }));
      return hub.send('POST', '/jobs', { jobs });
    };
    const { body } = await submitMany(25);
    const expected = (body['jobIds'] as string[]).toSorted().toReversed();
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await hub.send('GET', `/jobs?label=walked&limit=4${query}`);
      const items = page.body['items'] as { id: string }[];
      seen.push(...items.map(({ id }) => id));
      cursor = page.body['next'] as string | null;
      await submitMany(1);
    }
    assert.deepEqual(seen, expected);
  });

  test('a cursor that is none is refused', async () => {
    const definition = { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } };
    await hub.saveFlow('pass', definition);
    for (const cursor of ['one', '1e3', ' ', '3000000000']) {
      const path = `/api/v1/flows/pass/versions?cursor=${encodeURIComponent(cursor)}`;
      await refused(await ask(path, { headers: asAdmin() }), 422, /cursor/);
    }
  });

  test('the portal answers what is not of the API, and says how long to keep it', async () => {
    for (const path of ['/', '/jobs/job_1?x=1', '/flows']) {
      const answer = await ask(path);
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /portal/);
      assert.equal(answer.headers.get('cache-control'), 'no-cache');
    }
    const asset = await ask('/assets/app-1.js');
    assert.match(asset.headers.get('cache-control') ?? '', /immutable/);
    const gone = await ask('/assets/app-0.js');
    await refused(gone, 404, /app-0/);
    assert.match(await (await ask('/..%2f..%2fetc/passwd')).text(), /portal/);
    await refused(await ask('/', { method: 'POST' }), 404, /POST/);
    await refused(await ask('/assets/'), 404, /assets/);
    // It is built anew under the hub.
    await writeFile(join(portal, 'assets', 'app-2.js'), 'export {};');
    await writeFile(join(portal, 'icon.svg'), '<svg/>');
    await rm(join(portal, 'assets', 'app-1.js'));
    assert.equal((await ask('/assets/app-2.js')).status, 200);
    assert.equal(await (await ask('/icon.svg')).text(), '<svg/>');
    await refused(await ask('/assets/app-1.js'), 404, /app-1/);
    await refused(await ask('/api/v1/icon.svg'), 404, /icon/);
  });
});
