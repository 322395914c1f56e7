import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FlowRun } from '@interpulse/domain/flow-run/flow-run.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';
import {
  startFakeProvider,
  statusOf,
  type Answer,
  type FakeProvider,
} from './fake-provider.fixture.ts';

/** A status document with its details as this text. */
const withDetails = (details: string): Answer => {
  const document = JSON.stringify(statusOf('SUCCEEDED', { details: 'here' }));
  return { status: 200, text: document.replace('"here"', details) };
};
const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

/** Ends of actions, and how the flow run that asked for one ends then. */
const odd: Record<string, { answer: Answer; status: FlowRun['status'] }> = {
  'texts that cannot be stored': {
    answer: withDetails(String.raw`"a\u0000b\ud800"`),
    status: 'SUCCEEDED',
  },
  'names that cannot be stored': {
    answer: withDetails(String.raw`{"a\u0000":1,"b\udc00":2}`),
    status: 'SUCCEEDED',
  },
  'numbers beyond all': {
    answer: withDetails('{"large":1e999,"small":-1e999}'),
    status: 'SUCCEEDED',
  },
  'names of prototypes': {
    answer: withDetails('{"__proto__":{"x":1},"constructor":{"y":2}}'),
    status: 'SUCCEEDED',
  },
  'nesting without end': { answer: withDetails(deep), status: 'FAILED' },
};

describe('answers of providers that nobody foresaw', () => {
  let hub: TestHub;
  let provider: FakeProvider;
  let answer: Answer;

  before(async () => {
    provider = await startFakeProvider(({ path }) => {
      return path === '/act/run' ? { status: 202, json: statusOf('ACTIVE') } : answer;
    });
    const providers = [
      { url: provider.url, token: 'opens-it', allowHttp: false, monitorBy: [], manageBy: [] },
    ];
    hub = await startTestHub(await openTestDatabase(), { providers });
    const Ask = {
      Type: 'Action',
      ActionUrl: provider.url,
      Parameters: {},
      WaitTime: 60,
      ResultPath: '$.answer',
      End: true,
    };
    const definition = { StartAt: 'Ask', States: { Ask } };
    await hub.saveFlow('ask', definition);
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
    await provider.close();
  });

  const runEnds = async (): Promise<FlowRun> => {
    const { body } = await hub.send('POST', '/flow-runs', { flow: 'ask', input: {} });
    return until('the end of the flow run', async () => {
      const { flowRun } = (await hub.send('GET', `/flow-runs/${String(body['id'])}`)).body;
      return (flowRun as FlowRun).endedAt === null ? undefined : (flowRun as FlowRun);
    });
  };

  for (const [what, { answer: given, status }] of Object.entries(odd)) {
    test(`${what}: the flow run ends`, async () => {
      answer = given;
      const ended = await runEnds();
      assert.equal(ended.status, status, ended.reason ?? '');
    });
  }
});
