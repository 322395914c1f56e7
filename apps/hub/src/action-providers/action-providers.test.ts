import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { foreignMappingSchema } from '@interpulse/domain/flow/import/foreign-mapping.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { identityUrn, projectUrn } from './urn.ts';
import { startTestHub, type Sent, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const file = new URL(
  '../../../../../shared/data/specs/action-provider.openapi.yaml',
  import.meta.url,
);
const skip = existsSync(file) ? false : 'shared/data/specs is not beside the repository';

/** The contract's schemas; what does not fit one is told. */
function contract() {
  const document = parse(readFileSync(file, 'utf8')) as JsonObject;
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'contract', ...document });
  return (schema: string, json: unknown): string[] => {
    const isFit = ajv.getSchema(`contract#/components/schemas/${schema}`);
    assert.ok(isFit, schema);
    return isFit(json)
      ? []
      : (isFit.errors ?? []).map((fault) => `${fault.instancePath} ${fault.message ?? ''}`);
  };
}

/** The contract's name for what a path below `/action-providers` asks for. */
function operationOf(path: string): string {
  const [first = '', ...rest] = path
    .replace(/\?.*/, '')
    .replace(/^flows\/[^/]+/, 'flow')
    .split('/');
  assert.notEqual(first, '');
  const [verb = '', named] = rest.toReversed();
  return named === undefined ? `/${verb}` : `/{action_id}/${verb}`;
}

/** All that the contract lets operations answer. */
function contractAnswers(): string[] {
  const { paths } = parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, Record<string, { responses?: object }>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses = {} }]) =>
      Object.keys(responses).map((status) => `${method} ${path} ${status}`),
    ),
  );
}

/** Operations with the numbers that they answered. */
const seen = new Set<string>();

/** People of Globus: one that the hub knows, one that it does not. */
const foreign = {
  dora: 'urn:globus:auth:identity:00000000-0000-4000-8000-000000000001',
  nobody: 'urn:globus:auth:identity:00000000-0000-4000-8000-000000000002',
};

/** Goes on when somebody answers; ends with what it was given. */
const definition = {
  StartAt: 'Hold',
  States: {
    Hold: { Type: 'Wait', Seconds: 3600, Next: 'Done' },
    Done: { Type: 'Pass', End: true },
  },
};

describe('flows and actions of this hub as action providers', { skip }, () => {
  let hub: TestHub;
  let faultsOf: ReturnType<typeof contract>;
  let reader: string;

  before(async () => {
    faultsOf = contract();
    const mapping = foreignMappingSchema.parse({
      principals: { [foreign.dora.slice(-36)]: 'user:dora' },
    });
    hub = await startTestHub(await openTestDatabase(), { mapping });
    reader = await hub.addUser('rita', 'reader');
    const flow = { definition, project: 'demo', title: 'Hold on' };
    assert.ok((await hub.send('PUT', '/flows/hold', flow)).status < 300);
    const echo = { StartAt: 'Echo', States: { Echo: { Type: 'Pass', End: true } } };
    const inputSchema = { type: 'object', required: ['word'] };
    const saved = { definition: echo, inputSchema, project: 'demo' };
    assert.ok((await hub.send('PUT', '/flows/echo', saved)).status < 300);
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });

  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    token: string | null = hub.adminToken,
    more: Record<string, string> = {},
  ): Promise<Sent> => {
    const answer = await fetch(`${hub.url}/action-providers/${path}`, {
      method,
      headers: {
        ...more,
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    seen.add(`${method.toLowerCase()} ${operationOf(path)} ${answer.status}`);
    return { status: answer.status, body: (await answer.json()) as JsonObject };
  };
  const ended = async (path: string, id: unknown): Promise<JsonObject> =>
    until('the end of the action', async () => {
      const { body } = await ask('GET', `${path}/${String(id)}/status`);
      return body['status'] === 'ACTIVE' ? undefined : (body as JsonObject);
    });

  test('each says of itself what the contract wants', async () => {
    for (const path of ['flows/hold/', 'flows/echo', 'transfer/', 'compute', 'ingest/']) {
      const { status, body } = await ask('GET', path);
      assert.equal(status, 200, path);
      assert.deepEqual(faultsOf('ProviderDescription', body), [], path);
    }
    const { body } = await ask('GET', 'flows/echo/');
    assert.deepEqual((body['input_schema'] as JsonObject)['required'], ['word']);
    assert.equal((await ask('GET', 'flows/none/')).status, 404);
    assert.equal((await ask('GET', 'https/')).status, 404);
    assert.equal((await ask('GET', 'flows/hold/', undefined, null)).status, 401);
  });

  test('a flow runs once for a request_id', async () => {
    const request = { request_id: 'one', body: { word: 'hello', n: 1 }, label: 'A word' };
    const first = await ask('POST', 'flows/echo/run', request);
    assert.equal(first.status, 202, JSON.stringify(first.body));
    assert.deepEqual(faultsOf('ActionStatus', first.body), []);
    const again = { ...request, body: { n: 1, word: 'hello' } };
    const second = await ask('POST', 'flows/echo/run', again);
    assert.deepEqual([second.status, second.body['action_id']], [200, first.body['action_id']]);
    const other = await ask('POST', 'flows/echo/run', { ...request, body: { word: 'no' } });
    assert.equal(other.status, 409);
    const status = await ended('flows/echo', first.body['action_id']);
    assert.deepEqual(faultsOf('ActionStatus', status), []);
    assert.deepEqual((status['details'] as JsonObject)['output'], request.body);
    const seen = await hub.send('GET', `/flow-runs/${String(first.body['action_id'])}`);
    assert.equal(seen.status, 200, 'it is a flow run like others');
  });

  test('many at once with one request_id are one flow run', async () => {
    const request = { request_id: 'many', body: { word: 'x' } };
    const sent = Array.from({ length: 8 }, () => ask('POST', 'flows/echo/run', request));
    const answers = await Promise.all(sent);
    assert.equal(new Set(answers.map(({ body }) => body['action_id'])).size, 1);
    const statuses = answers.map(({ status }) => status).toSorted((one, two) => one - two);
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 200, 202]);
  });

  test('what the contract refuses is refused with its number', async () => {
    const run = (body: unknown, token?: string | null) =>
      ask('POST', 'flows/echo/run', body, token);
    const body = { word: 'x' };
    assert.equal((await run({ request_id: 'a', body: {} })).status, 400, 'its schema');
    assert.equal((await run({ body })).status, 400, 'no request_id');
    assert.equal((await run({ request_id: 'b', body, more: 1 })).status, 400, 'a member more');
    const past = { request_id: 'c', body, deadline: '2020-01-01T00:00:00Z' };
    assert.equal((await run(past)).status, 400, 'a deadline in the past');
    assert.equal((await run({ request_id: 'd', body }, null)).status, 401);
    assert.equal((await run({ request_id: 'e', body }, reader)).status, 403);
    assert.equal((await ask('GET', 'flows/echo/flowrun_none/status')).status, 404);
  });

  test('cancel, release and log', async () => {
    const request = { request_id: 'held', body: {} };
    const { body } = await ask('POST', 'flows/hold/run', request);
    const path = `flows/hold/${String(body['action_id'])}`;
    const active = await ask('GET', `${path}/status`);
    assert.equal(active.body['status'], 'ACTIVE');
    assert.deepEqual(faultsOf('ActionStatus', active.body), []);
    assert.equal((await ask('GET', `${path}/status`, undefined, reader)).status, 200);
    assert.equal((await ask('POST', `${path}/cancel`, undefined, reader)).status, 403);
    assert.equal((await ask('POST', `${path}/release`)).status, 409);
    assert.equal((await ask('GET', path.replace('hold', 'echo') + '/status')).status, 404);
    const { body: open } = await ask('GET', `${path}/status`);
    assert.match(String(open['display_status']), /^.{1,63}$|^.{1,63}[^\s,;:]…$/);
    const canceled = await ask('POST', `${path}/cancel`);
    assert.deepEqual([canceled.status, canceled.body['status']], [200, 'FAILED']);
    assert.deepEqual(faultsOf('ActionStatus', canceled.body), []);
    assert.equal((await ask('POST', `${path}/cancel`)).status, 409);
    const log = await ask('GET', `${path}/log`);
    const codes = (log.body['entries'] as JsonObject[]).map(({ code }) => code);
    assert.equal(codes[0], 'FlowStarted');
    const paged: unknown[] = [];
    for (let page = '?limit=1'; page !== '';) {
      const { body: part } = await ask('GET', `${path}/log${page}`);
      paged.push(...(part['entries'] as JsonObject[]).map(({ code }) => code));
      const { marker } = part;
      page = typeof marker === 'string' ? `?limit=1&marker=${marker}` : '';
    }
    assert.deepEqual(paged, codes);
    const newest = await ask('GET', `${path}/log?reverse_order=true&limit=1`);
    assert.equal((newest.body['entries'] as JsonObject[])[0]?.['code'], codes.at(-1));
    assert.equal((await ask('GET', `${path}/log?limit=0`)).status, 400);
    const released = await ask('POST', `${path}/release`);
    assert.equal(released.status, 200);
    assert.deepEqual(faultsOf('ActionStatus', released.body), []);
    assert.equal((await ask('GET', `${path}/status`)).status, 404);
    assert.equal((await ask('POST', `${path}/release`)).status, 404);
    assert.equal((await ask('POST', 'flows/hold/run', request)).status, 409);
  });

  test('monitor_by and manage_by give rights to people, groups and those mapped', async () => {
    const stranger = async (name: string): Promise<{ token: string; urn: string }> => {
      const token = await hub.addUser(name);
      const me = await unwrap(hub.as(token).GET('/api/v1/me'));
      return { token, urn: identityUrn(me.id) };
    };
    const [ann, ben, cleo] = [await stranger('ann'), await stranger('ben'), await stranger('cleo')];
    const request = {
      request_id: 'shared',
      body: {},
      monitor_by: [ann.urn, foreign.dora, foreign.nobody],
      manage_by: [ben.urn],
    };
    const { body: begun, status } = await ask('POST', 'flows/hold/run', request);
    assert.equal(status, 202, JSON.stringify(begun));
    assert.deepEqual(
      [begun['monitor_by'], begun['manage_by']],
      [request.monitor_by, request.manage_by],
    );
    const id = String(begun['action_id']);
    const dora = await hub.addUser('dora');
    const as = async (token: string, method: string, verb: string) =>
      (await ask(method, `flows/hold/${id}/${verb}`, undefined, token)).status;
    for (const token of [ann.token, ben.token]) {
      assert.equal(await as(token, 'GET', 'status'), 200);
      assert.equal(await as(token, 'GET', 'log'), 200);
    }
    assert.equal(await as(cleo.token, 'GET', 'status'), 404, 'named by nobody');
    assert.equal(await as(dora, 'GET', 'status'), 404, 'was nobody here when it began');
    assert.equal((await ask('GET', 'flows/hold/', undefined, ann.token)).status, 404, 'the flow');
    assert.equal(await as(ann.token, 'POST', 'cancel'), 403);
    assert.equal(await as(ann.token, 'POST', 'release'), 403);
    assert.equal(await as(ben.token, 'POST', 'cancel'), 200);
    assert.equal(await as(ann.token, 'POST', 'release'), 403);
    await hub.send('POST', '/projects', { name: 'other', title: '' });
    const again = await ask('POST', 'flows/hold/run', {
      request_id: 'groups',
      body: {},
      monitor_by: [foreign.dora],
      manage_by: [projectUrn('other'), projectUrn('none')],
    });
    const { flowRun } = (await hub.send('GET', `/flow-runs/${String(again.body['action_id'])}`))
      .body as { flowRun: { managers: string[]; monitors: string[] } };
    assert.deepEqual([flowRun.managers, flowRun.monitors], [['project:other'], ['dora']]);
    assert.equal(await as(ben.token, 'POST', 'release'), 200);
    assert.equal(await as(ann.token, 'GET', 'status'), 404);
  });

  test('it is released by itself after its time', async () => {
    const body = { word: 'x' };
    const request = { request_id: 'short', body, release_after: 'PT0S' };
    const { body: status } = await ask('POST', 'flows/echo/run', request);
    await until('it is gone', async () => {
      const path = `flows/echo/${String(status['action_id'])}/status`;
      return (await ask('GET', path)).status === 404;
    });
  });

  test('a built-in action runs as a flow run of one state', async () => {
    const files = ['nowhere:/a.h5'];
    const body = { title: 'From elsewhere', kind: 'raw', files };
    const started = await ask('POST', 'ingest/run', { request_id: 'ingest', body });
    assert.equal(started.status, 202, JSON.stringify(started.body));
    const status = await ended('ingest', started.body['action_id']);
    assert.equal(status['status'], 'SUCCEEDED', JSON.stringify(status));
    assert.match(JSON.stringify(status['details']), /"datasetId":"dataset_/);
    const seen = await hub.send('GET', `/flow-runs/${String(started.body['action_id'])}`);
    assert.equal((seen.body['flowRun'] as JsonObject)['flowName'], 'action-ingest-demo');
    const inProject = async (project: string) => {
      const request = { request_id: project, body };
      const headers = { 'x-interpulse-project': project };
      return (await ask('POST', 'ingest/run', request, member, headers)).status;
    };
    const member = await hub.addUser('mia', 'member');
    assert.deepEqual([await inProject('demo'), await inProject('nowhere')], [202, 404]);
    const wrong = { request_id: 'wrong', body: { title: '' } };
    const failed = await ask('POST', 'ingest/run', wrong);
    const end = await ended('ingest', failed.body['action_id']);
    assert.equal(end['status'], 'FAILED');
    assert.match(JSON.stringify(end['details']), /kind/);
  });

  test('a built-in action runs in projects with long names that begin alike', async () => {
    for (const last of ['a', 'b']) {
      const project = `${'long-'.repeat(12)}${last}`;
      assert.equal((await hub.send('POST', '/projects', { name: project })).status, 201);
      const body = { title: 'From elsewhere', kind: 'raw', files: ['nowhere:/a.h5'] };
      const headers = { 'x-interpulse-project': project };
      const request = { request_id: project, body };
      const started = await ask('POST', 'ingest/run', request, hub.adminToken, headers);
      assert.equal(started.status, 202, JSON.stringify(started.body));
      const run = await hub.send('GET', `/flow-runs/${String(started.body['action_id'])}`);
      const { flowName, project: its } = run.body['flowRun'] as Record<string, string>;
      assert.equal(its, project);
      const flow = await hub.send('GET', `/flows/${flowName}`);
      assert.equal(flow.status, 200, JSON.stringify(flow.body));
    }
  });

  test('every operation answers what the contract lists, and nothing else', async () => {
    const { body } = await ask('POST', 'flows/hold/run', { request_id: 'last', body: {} });
    const path = `flows/hold/${String(body['action_id'])}`;
    for (const [method, verb] of [
      ['GET', 'status'],
      ['POST', 'cancel'],
      ['POST', 'release'],
    ] as const) {
      assert.equal((await ask(method, `${path}/${verb}`, undefined, null)).status, 401);
      assert.equal((await ask(method, `flows/hold/none/${verb}`)).status, 404);
    }
    const listed = contractAnswers();
    const ofLog = (answer: string): boolean => answer.startsWith('get /{action_id}/log ');
    const more = [...seen].filter((answer) => !listed.includes(answer) && !ofLog(answer));
    // The contract rejects other words under a request_id, and gives no number for it; 404 is for a
    // project of the caller that is not there.
    assert.deepEqual(more.toSorted(), ['post /run 404', 'post /run 409']);
    assert.deepEqual(
      listed.filter((answer) => !seen.has(answer)),
      // What one may not see is not found; and every action here can be canceled.
      ['get / 403', 'get /{action_id}/status 403', 'post /{action_id}/cancel 400'],
    );
  });
});
