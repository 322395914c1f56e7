import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FlowRun, FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { keptActions } from '@interpulse/store/action-runs/read-action-runs.ts';
import { nudgeActionRun } from '@interpulse/store/action-runs/write-action-runs.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';
import {
  startFakeProvider,
  statusOf,
  type Answer,
  type Asked,
  type FakeProvider,
} from './fake-provider.fixture.ts';
import { providerLimits } from './provider-limits.ts';

/** How the provider of one test answers; by the path of its own. */
let behave: (asked: Asked) => Answer = () => ({ status: 500 });

/** What flows here do. */
const state = {
  Type: 'Action',
  Parameters: { echo_string: 'hello' },
  WaitTime: 60,
  ResultPath: '$.answer',
  End: true,
};

async function startOneState(hub: TestHub, flow: string, Ask: JsonObject): Promise<string> {
  const definition = { StartAt: 'Ask', States: { Ask } };
  await hub.saveFlow(flow, definition);
  return hub.startFlow(flow);
}

/** Answers to a question for the status that make no sense. */
const lies: Record<string, Answer> = {
  'no JSON': { status: 200, text: 'fine!' },
  'another action': { status: 200, json: statusOf('SUCCEEDED', { action_id: 'a2' }) },
  'an unknown status': { status: 200, json: statusOf('DONE') },
  'no such action': { status: 404, json: { detail: 'never heard of it' } },
  'far too much': { status: 200, text: `"${'x'.repeat(providerLimits.answerBytes)}"` },
};

describe('actions at providers elsewhere', () => {
  let hub: TestHub;
  let provider: FakeProvider;
  let flows = 0;

  before(async () => {
    provider = await startFakeProvider((asked) => behave(asked));
    const providers = [
      { url: provider.url, token: 'opens-it', allowHttp: false, monitorBy: [], manageBy: [] },
    ];
    hub = await startTestHub(await openTestDatabase(), { providers });
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
    await provider.close();
  });

  /** Starts a flow of one such action; the requests before it are forgotten. */
  const start = async (more: JsonObject = {}, behavior: typeof behave = behave) => {
    behave = behavior;
    provider.asked.splice(0);
    flows += 1;
    const Ask = { ...state, ActionUrl: provider.url, ...more };
    return startOneState(hub, `outside-${flows}`, Ask);
  };
  const look = async (id: string) => {
    const { body } = await hub.send('GET', `/flow-runs/${id}`);
    return body as { flowRun: FlowRun; steps: FlowStep[]; output: JsonObject };
  };
  const ended = async (id: string) =>
    until('the end of the flow run', async () => {
      const seen = await look(id);
      return seen.flowRun.endedAt === null ? undefined : seen;
    });
  const row = async (id: string) => (await keptActions(hub.hub.db, id))[0];

  test('one that ends at once is asked once', async () => {
    const id = await start({}, ({ path }) =>
      path === '/act/run'
        ? { status: 202, json: statusOf('SUCCEEDED', { details: { echo: 'hello' } }) }
        : { status: 404 },
    );
    const { flowRun, output } = await ended(id);
    assert.equal(flowRun.status, 'SUCCEEDED', flowRun.reason ?? '');
    assert.deepEqual((output['answer'] as JsonObject)['details'], { echo: 'hello' });
    const [asked] = provider.to('/run');
    assert.deepEqual(asked?.body['body'], { echo_string: 'hello' });
    assert.match(JSON.stringify(asked?.body['request_id']), /^"action_/);
    const known = ['request_id', 'body', 'label', 'deadline', 'release_after'];
    assert.deepEqual(Object.keys(asked?.body ?? {}).toSorted(), known.toSorted());
    assert.equal(asked?.headers.authorization, 'Bearer opens-it');
    assert.equal(asked?.headers['x-interpulse-callback'], undefined);
    assert.equal(provider.to('/a1/status').length, 0);
    await until('its release', async () => provider.to('/a1/release').length === 1);
    const gone = await until('its row is over', async () => {
      const now = await row(id);
      return now?.status === 'ended' ? now : undefined;
    });
    assert.deepEqual([gone.request, gone.memory], [{}, null], 'nothing private stays');
  });

  test('one that takes its time is asked for its status, and tells people how it is', async () => {
    let says = statusOf('ACTIVE', { display_status: 'Queued' });
    const id = await start({}, ({ path }) => ({
      status: path === '/act/run' ? 202 : 200,
      json: says,
    }));
    const words = await until('the note', async () => {
      const { flowRun, steps } = await look(id);
      assert.equal(flowRun.status, 'ACTIVE');
      const reason = steps[0]?.reason ?? '';
      return reason.includes('Queued') && provider.to('/a1/status').length >= 2
        ? { reason, run: flowRun.reason ?? '' }
        : undefined;
    });
    assert.match(words.reason, /provider at 127.0.0.1:\d+ says: Queued; asked \d+ times, next/);
    assert.match(words.run, /says: Queued/);
    says = statusOf('SUCCEEDED');
    assert.equal((await ended(id)).flowRun.status, 'SUCCEEDED');
    assert.equal(provider.to('/run').length, 1);
  });

  test('what it refuses is told in its own words', async () => {
    const json = { code: 'BadRequest', detail: 'echo_string must be a number' };
    const { flowRun } = await ended(await start({}, () => ({ status: 400, json })));
    assert.equal(flowRun.status, 'FAILED');
    assert.match(flowRun.reason ?? '', /ActionUnableToRun.*400 echo_string must be a number/);
    assert.equal(provider.to('/run').length, 1);
  });

  test('trouble passes: 503, 429 with Retry-After, a proxy', async () => {
    const answers: Answer[] = [
      { status: 503 },
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 502, text: '<html>proxy</html>' },
      { status: 202, json: statusOf('SUCCEEDED') },
    ];
    let at = 0;
    const id = await start({}, ({ path }) => {
      if (path !== '/act/run') return { status: 404 };
      at += 1;
      return answers[at - 1];
    });
    assert.equal((await ended(id)).flowRun.status, 'SUCCEEDED');
    const ids = new Set(provider.to('/run').map(({ body }) => JSON.stringify(body)));
    assert.deepEqual([provider.to('/run').length, ids.size], [4, 1], 'the same request each time');
  });

  test('trouble passes also where a provider is asked again, however often it comes', async () => {
    let polls = 0;
    const id = await start({}, ({ path }) => {
      if (path === '/act/run') return { status: 202, json: statusOf('ACTIVE') };
      polls += 1;
      if (polls > providerLimits.wrongAnswers) return { status: 200, json: statusOf('SUCCEEDED') };
      return { status: 425, headers: { 'retry-after': '0' } };
    });
    assert.equal((await ended(id)).flowRun.status, 'SUCCEEDED');
  });

  test('redirections are not followed, and no token goes along', async () => {
    const elsewhere = await startFakeProvider(() => ({ status: 202, json: statusOf('SUCCEEDED') }));
    const headers = { location: `${elsewhere.url}/run` };
    const { flowRun } = await ended(await start({}, () => ({ status: 307, headers })));
    assert.match(flowRun.reason ?? '', /redirects \(307\) to http.*not followed/);
    assert.equal(elsewhere.asked.length, 0);
    await elsewhere.close();
  });

  for (const [what, lie] of Object.entries(lies)) {
    test(`answers that make no sense count as a failure after a while: ${what}`, async () => {
      const id = await start({}, ({ path }) =>
        path === '/act/run' ? { status: 202, json: statusOf('ACTIVE') } : lie,
      );
      const { flowRun } = await ended(id);
      assert.equal(flowRun.status, 'FAILED');
      assert.match(flowRun.reason ?? '', /ActionFailedException.*makes no sense/);
      assert.equal(provider.to('/a1/status').length, providerLimits.wrongAnswers);
    });
  }

  test('one lie is forgiven', async () => {
    let asked = 0;
    const id = await start({}, ({ path }) => {
      if (path === '/act/run') return { status: 202, json: statusOf('ACTIVE') };
      asked += 1;
      return asked === 1 ? lies['no JSON'] : { status: 200, json: statusOf('SUCCEEDED') };
    });
    assert.equal((await ended(id)).flowRun.status, 'SUCCEEDED');
  });

  test('an end stays an end, whatever is said later', async () => {
    const id = await start({}, ({ path }) => ({
      status: 200,
      json: statusOf(path.endsWith('/status') ? 'FAILED' : 'ACTIVE'),
    }));
    assert.equal((await ended(id)).flowRun.status, 'FAILED');
    await until('its release', async () => provider.to('/a1/release').length === 1);
    assert.equal((await look(id)).flowRun.status, 'FAILED');
    assert.equal(provider.to('/a1/status').length, 1);
  });

  test('one that needs a person waits for one, and goes on when it goes on there', async () => {
    let says = statusOf('INACTIVE', { display_status: 'consent', details: { reason: 'log in' } });
    const id = await start({}, () => ({ status: 200, json: says }));
    const waiting = await until('the stall', async () => {
      const { flowRun } = await look(id);
      return flowRun.status === 'INACTIVE' ? flowRun : undefined;
    });
    assert.match(waiting.reason ?? '', /needs a person.*says: consent: log in/);
    says = statusOf('ACTIVE');
    await nudgeActionRun(hub.hub.db, (await row(id))?.id ?? '', hub.hub.now());
    hub.hub.db.topics.emit(['actions']);
    await until('it is active', async () => (await look(id)).flowRun.status === 'ACTIVE');
    says = statusOf('SUCCEEDED');
    assert.equal((await ended(id)).flowRun.status, 'SUCCEEDED');
  });

  test('somebody who resumes the flow run has the provider asked at once', async () => {
    let says = statusOf('INACTIVE', { display_status: 'consent' });
    const id = await start({}, () => ({ status: 200, json: says }));
    const status = async () => (await look(id)).flowRun.status;
    await until('the stall', async () => (await status()) === 'INACTIVE');
    const { body } = await hub.send('POST', `/flow-runs/${id}/resume`);
    assert.equal(body['status'], 'ACTIVE', JSON.stringify(body));
    await until('it stalls again', async () => (await status()) === 'INACTIVE');
    assert.equal(provider.to('/a1/status').length, 1);
    says = statusOf('SUCCEEDED');
    await hub.send('POST', `/flow-runs/${id}/resume`);
    assert.equal((await ended(id)).flowRun.status, 'SUCCEEDED');
    assert.equal(provider.to('/a1/status').length, 2);
  });

  test('a flow run that is canceled cancels there, once it has an end of trouble', async () => {
    let tries = 0;
    const id = await start({}, ({ path }) => {
      if (!path.endsWith('/cancel')) return { status: 200, json: statusOf('ACTIVE') };
      tries += 1;
      return tries === 1 ? { status: 503 } : { status: 200, json: statusOf('FAILED') };
    });
    await until('it is known there', async () => provider.to('/a1/status').length > 0);
    await hub.send('POST', `/flow-runs/${id}/cancel`);
    await until('the cancel', async () => provider.to('/a1/cancel').length === 2);
    await until('its row is over', async () => (await row(id))?.status === 'ended');
    assert.equal((await look(id)).flowRun.status, 'ENDED');
  });

  test('WaitTime ends one that never answers, and a slow one delays no other', async () => {
    const slow = await start({ WaitTime: 1 }, ({ path, body }) => {
      if (path !== '/act/run') return { status: 404 };
      const { slow: isSlow } = body['body'] as JsonObject;
      return isSlow ? undefined : { status: 200, json: statusOf('SUCCEEDED') };
    }).then(async () => start({ WaitTime: 1, Parameters: { slow: true } }));
    const quick = await Promise.all(Array.from({ length: 5 }, () => start()));
    for (const id of quick) assert.equal((await ended(id)).flowRun.status, 'SUCCEEDED');
    const { flowRun } = await ended(slow);
    assert.match(flowRun.reason ?? '', /ActionTimeout/);
  });

  test('who catches an ActionTimeout reads what the provider said last', async () => {
    const said = { display_status: 'Queued', details: { place: 7 } };
    behave = ({ path }) =>
      path === '/act/run' || path.endsWith('/status')
        ? { status: 200, json: statusOf('ACTIVE', said) }
        : { status: 404 };
    const error = { ErrorEquals: ['ActionTimeout'], ResultPath: '$.late', Next: 'Late' };
    const { End: _, ...more } = { ...state, ActionUrl: provider.url, WaitTime: 1 };
    const Ask = { ...more, Catch: [error], Next: 'Late' };
    const definition = { StartAt: 'Ask', States: { Ask, Late: { Type: 'Pass', End: true } } };
    await hub.saveFlow('late', definition);
    const id = await hub.startFlow('late');
    await ended(id);
    const { body } = await hub.send('GET', `/flow-runs/${id}`);
    const { late } = body['output'] as { late: JsonObject };
    assert.deepEqual([late['status'], late['display_status']], ['ACTIVE', 'Queued']);
    assert.deepEqual([late['details'], late['Error']], [{ place: 7 }, 'ActionTimeout']);
  });

  test('addresses that the administrator has not listed are not called', async () => {
    const other = provider.url.replace('/act', '/other');
    const { flowRun } = await ended(await start({ ActionUrl: other }));
    assert.match(flowRun.reason ?? '', /ActionUnableToRun.*may add \{ "url": "http:/);
    assert.equal(provider.asked.length, 0);
  });

  test('registered APIs are refused in plain words', async () => {
    const Id = '3d1f5e1a-0f0c-4d1a-9a51-0a6f1a2b3c4d';
    const Handler = { Type: 'RegisteredAPI', Id };
    const { flowRun } = await ended(await start({ ActionUrl: undefined as never, Handler }));
    assert.match(flowRun.reason ?? '', /registered API, which exists at Globus only/);
  });
});
