import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { analyzeApp } from './testing/analyze-flow.ts';
import { instrumentState, startTestHub, type TestHub } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

const definition = {
  StartAt: 'Tell',
  States: {
    Tell: {
      Type: 'Action',
      ActionUrl: 'interpulse:report',
      Parameters: { results: [{ key: 'rate', value: 12.5, unit: '1/s', error: 0.5 }] },
      End: true,
    },
  },
};

describe('runs of an instrument', () => {
  let hub: TestHub;
  let agent: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    await analyzeApp(hub);
    const state = instrumentState('tokamak', 60);
    agent = new FakeAgent({ url: hub.url, ...(await hub.enrol('beamline')), state });
    await agent.ready();
    await hub.saveFlow('tell', definition);
    const save = (name: string, source: object) =>
      hub.send('PUT', `/triggers/${name}`, { source, flowName: 'tell', project: 'demo' });
    await save('at-end', { kind: 'run', instrument: 'tokamak', on: 'end' });
    const hot = { kind: 'parameter', instrument: 'tokamak', name: 'mode', equals: 'hot' };
    await save('when-hot', hot);
  });
  after(async () => {
    agent.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const tell = (body: object) => hub.send('POST', '/instruments/tokamak/events', body);
  const run = async (number: number) =>
    (await hub.send('GET', `/instruments/tokamak/runs/${number}`)).body;
  const flowRuns = async () =>
    (await hub.send('GET', '/flow-runs?instrument=tokamak')).body['items'] as { label: string }[];

  test('an end starts its flow once, whose results stand in the run table', async () => {
    await tell({ kind: 'runStarted', run: 7, parameters: { energy: 12.4 } });
    const ended = { kind: 'runEnded', run: 7, parameters: { frames: 100 } };
    const first = await tell(ended);
    assert.deepEqual(first.body, { isNew: true, parameters: { energy: 12.4, frames: 100 } });
    assert.equal((await tell(ended)).body['isNew'], false);
    const row = await until('the results are there', async () => {
      const found = await run(7);
      return (found['results'] as unknown[]).length > 0 && found;
    });
    assert.equal((await flowRuns()).length, 1);
    const [result] = row['results'] as Record<string, unknown>[];
    const { key, value, unit, error, flowRunId } = result ?? {};
    assert.deepEqual([key, value, unit, error], ['rate', 12.5, '1/s', 0.5]);
    assert.equal(flowRunId, row['flowRunId']);
    assert.notEqual(row['endedAt'], null);
  });

  test('an agent tells the same words; a parameter of a value starts its flow', async () => {
    const event = {
      type: 'runEvent',
      instrument: 'tokamak',
      run: 8,
      id: '',
      nextShotAt: null,
    } as const;
    const at = new Date().toISOString();
    await agent.say({ ...event, kind: 'runStarted', at, parameters: { mode: 'cold' } });
    assert.equal((await flowRuns()).length, 1);
    const hot = {
      ...event,
      kind: 'parametersSet',
      at,
      id: 'a',
      parameters: { mode: 'hot' },
    } as const;
    await agent.say({ ...hot, at: new Date(Date.parse(at) + 1000).toISOString() });
    await agent.say({ ...hot, at: new Date(Date.parse(at) + 1000).toISOString() });
    assert.equal((await flowRuns()).length, 2);
    assert.deepEqual((await run(8))['parameters'], { mode: 'hot' });
  });

  test('a job that may use the hub knows its run', async () => {
    const Parameters = { app: 'analyze', inputs: { file: 'raw:/a.h5' }, mayUseHub: true };
    const action = { Type: 'Action', ActionUrl: 'interpulse:compute', Parameters, End: true };
    const ofJob = { StartAt: 'Analyze', States: { Analyze: action } };
    await hub.saveFlow('job', ofJob);
    const source = { kind: 'run', instrument: 'tokamak', on: 'start' };
    const trigger = { source, flowName: 'job', project: 'demo' };
    await hub.send('PUT', '/triggers/at-start', trigger);
    await tell({ kind: 'runStarted', run: 12 });
    const { id } = await until('the job is there', async () => {
      return ((await hub.send('GET', '/jobs')).body['items'] as { id: string }[])[0];
    });
    const job = (await hub.send('GET', `/jobs/${id}`)).body['job'] as { environment: object };
    assert.deepEqual(job.environment, { INTERPULSE_INSTRUMENT: 'tokamak', INTERPULSE_RUN: '12' });
  });

  test('results are reported by hand and merged; who does not belong sees no more', async () => {
    const report = (body: unknown, token?: string) =>
      hub.send('POST', '/instruments/tokamak/runs/7/results', body, token);
    await report([{ key: 'verdict', value: 'good' }]);
    const keys = ((await run(7))['results'] as { key: string }[]).map(({ key }) => key);
    assert.deepEqual(keys, ['rate', 'verdict']);
    await hub.send('POST', '/users', { name: 'visitor' });
    const made = await hub.send('POST', '/tokens', { user: 'visitor' });
    const token = String(made.body['secret']);
    assert.equal((await report([{ key: 'x', value: 1 }], token)).status, 403);
    const path = '/instruments/tokamak/runs';
    const seen = (await hub.send('GET', path, undefined, token)).body['items'] as object[];
    const shown = seen.map((row) => [Reflect.get(row, 'results'), Reflect.get(row, 'parameters')]);
    for (const each of shown) assert.deepEqual(each, [[], {}]);
    assert.equal(shown.length, 3);
  });

  test('a clock that is wrong, and what is no event, is refused', async () => {
    const ahead = { kind: 'runEnded', run: 9, at: '2199-01-01T00:00:00.000Z' };
    assert.equal((await tell(ahead)).status, 422);
    assert.equal((await tell({ kind: 'began', run: 9 })).status, 422);
    assert.equal((await tell({ kind: 'runEnded', run: -1 })).status, 422);
    assert.equal((await hub.send('GET', '/instruments/tokamak/runs/9')).status, 404);
  });
});
