import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { describe, mock, test, type TestContext } from 'node:test';
import type { FlowRun } from '@interpulse/domain/flow-run/flow-run.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { keptActions } from '@interpulse/store/action-runs/read-action-runs.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import type { HubConfig } from '../hub-config.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';
import { signCallback } from './callback-signature.ts';
import { startFakeProvider, statusOf } from './fake-provider.fixture.ts';

const allowing = (url: string, token?: string): HubConfig['providers'][number] => {
  const entry = { url, allowHttp: false, monitorBy: [], manageBy: [] };
  return token === undefined ? entry : { ...entry, token };
};

async function startHub(context: TestContext, config: Partial<HubConfig>): Promise<TestHub> {
  const hub = await startTestHub(await openTestDatabase(), config);
  context.after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });
  return hub;
}

/** Starts a flow run of one action; answers its id. */
async function startOne(hub: TestHub, ActionUrl: string, Parameters: JsonObject) {
  const Ask = { Type: 'Action', ActionUrl, Parameters, WaitTime: 60, End: true };
  const definition = { StartAt: 'Ask', States: { Ask } };
  await hub.saveFlow('outside', definition);
  return hub.startFlow('outside');
}

const ended = async (hub: TestHub, id: string): Promise<FlowRun> =>
  until('the end of the flow run', async () => {
    const { body } = await hub.send('GET', `/flow-runs/${id}`);
    const run = body['flowRun'] as FlowRun;
    return run.endedAt === null ? undefined : run;
  });

describe('callbacks of providers', () => {
  test('one wakes the question; forged and repeated ones change nothing', async (context) => {
    let says = statusOf('ACTIVE');
    const provider = await startFakeProvider(({ method, path }) => {
      if (method === 'GET' && path === '/act/') {
        return { status: 200, json: { interpulse_callbacks: ['hmac-sha256'] } };
      }
      const headers = { 'x-interpulse-callback': 'accepted' };
      return { status: 200, json: says, ...(path === '/act/run' ? { headers } : {}) };
    });
    context.after(() => provider.close());
    const hub = await startHub(context, { providers: [allowing(provider.url)] });
    const id = await startOne(hub, provider.url, {});
    const asked = await until('the start', async () => provider.to('/run')[0]);
    const url = String(asked.headers['x-interpulse-callback']);
    const key = String(asked.headers['x-interpulse-callback-key']);
    await until('it is written down', async () => {
      const [kept] = await keptActions(hub.hub.db, id);
      return kept?.memory !== null;
    });
    const send = async (body: string, signature: string): Promise<number> => {
      const headers = { 'x-interpulse-signature': signature, 'content-type': 'application/json' };
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    const body = JSON.stringify({ action_id: 'a1', status: 'SUCCEEDED' });
    const now = Date.now();
    assert.equal(await send(body, signCallback('another key', body, now)), 403);
    assert.equal(await send(`${body} `, signCallback(key, body, now)), 403);
    assert.equal(await send(body, signCallback(key, body, now - 3_600_000)), 403);
    assert.equal(await send(body, 'nonsense'), 403);
    assert.equal(provider.to('/a1/status').length, 0);
    // Its word is not taken for the truth: the provider is asked, and says that it is active.
    const signature = signCallback(key, body, now);
    assert.equal(await send(body, signature), 204);
    await until('the question', async () => provider.to('/a1/status').length === 1);
    assert.equal(await send(body, signature), 403);
    says = statusOf('SUCCEEDED');
    assert.equal(await send(body, signCallback(key, body, now + 1)), 204);
    assert.equal((await ended(hub, id)).status, 'SUCCEEDED');
    assert.equal(provider.to('/a1/status').length, 2);
  });

  test('two hubs speak with each other in two questions at most', async (context) => {
    const port = await freePort();
    const remote = await startHub(context, { providers: [allowing(`http://127.0.0.1:${port}/`)] });
    const definition = {
      StartAt: 'Hold',
      States: {
        Hold: { Type: 'Wait', Seconds: 1, Next: 'Done' },
        Done: { Type: 'Pass', End: true },
      },
    };
    await remote.send('PUT', '/flows/far', { definition, project: 'demo' });
    const providers = [allowing(`${remote.url}/action-providers/`, remote.adminToken)];
    const hub = await startHub(context, { port, providers });
    const calls: string[] = [];
    const real = globalThis.fetch;
    const spy = mock.method(globalThis, 'fetch', (...given: Parameters<typeof fetch>) => {
      const [address] = given;
      calls.push(address instanceof Request ? address.url : address.toString());
      return real(...given);
    });
    context.after(() => spy.mock.restore());
    const id = await startOne(hub, `${remote.url}/action-providers/flows/far/`, { word: 'hello' });
    assert.equal((await ended(hub, id)).status, 'SUCCEEDED');
    const polls = calls.filter((url) => url.startsWith(remote.url) && url.endsWith('/status'));
    assert.ok(polls.length >= 1 && polls.length <= 2, `${polls.length} questions`);
    assert.equal(calls.filter((url) => url.includes('/action-callbacks/')).length, 1);
    const { body } = await hub.send('GET', `/flow-runs/${id}`);
    const { output } = (body['output'] as JsonObject)['details'] as JsonObject;
    assert.deepEqual(output, { word: 'hello' });
  });
});

/** Both hubs name each other in their configuration, so one port must be known before. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}
