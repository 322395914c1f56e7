import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addSeconds } from '@interpulse/domain/time.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { instrumentState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';

const pass = { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } };

interface Told {
  event: string;
  key: string;
  outcome: string;
  reason: string | null;
  label: string | null;
  input: Record<string, unknown> | null;
}

describe('dry runs', () => {
  let hub: TestHub;
  let beamline: FakeAgent;
  let from: string;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    beamline = new FakeAgent({
      url: hub.url,
      ...(await hub.enrol('beamline')),
      state: instrumentState('tokamak', 60),
    });
    await beamline.ready();
    from = addSeconds(hub.hub.now(), -3600);
    const flow = { definition: pass, project: 'demo' };
    await hub.send('PUT', '/flows/pass', flow);
    const inputSchema = { properties: { input: { required: ['shot'] } } };
    await hub.send('PUT', '/flows/shots-only', { ...flow, inputSchema });
    for (const [index, shotNumber] of [1, 2, null].entries()) {
      const at = addSeconds(from, index);
      await beamline.say({
        type: 'fileFinished',
        instrument: 'tokamak',
        path: `/raw/${index}.h5`,
        sizeBytes: 1,
        modifiedAt: at,
        closedAt: at,
        shotNumber,
        metadata: { index },
      });
    }
    const events = [
      { kind: 'runStarted', parameters: { power: 1 } },
      { kind: 'parametersSet', parameters: { power: 6 } },
      { kind: 'parametersSet', parameters: { power: 6 } },
      { kind: 'runEnded' },
    ];
    for (const [index, event] of events.entries()) {
      const body = { ...event, run: 9, at: addSeconds(from, 10 + index) };
      const { status } = await hub.send('POST', '/instruments/tokamak/events', body);
      assert.ok(status < 300);
    }
    await hub.send('POST', '/flow-runs', { flow: 'pass', input: { a: 1 }, project: 'demo' });
  });
  after(async () => {
    beamline.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const dryRun = async (source: object, fields: object = {}) => {
    const trigger = { source, flowName: 'pass', project: 'demo', deadline: 'none', ...fields };
    const window = { from, to: addSeconds(hub.hub.now(), 60) };
    const { status, body } = await hub.send('POST', '/triggers/dry-run', { trigger, ...window });
    assert.equal(status, 200, JSON.stringify(body));
    return body as { items: Told[]; wouldFire: number; looked: number; outcomes: object };
  };

  test('files of the past, with the input and why not', async () => {
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/raw/*' };
    const when = 'metadata.index < 3 and name != "1.h5"';
    const ran = await dryRun(source, { when, flowName: 'shots-only' });
    assert.deepEqual(
      ran.items.map(({ event, outcome, label }) => [event, outcome, label]),
      [
        ['/raw/0.h5', 'fired', 'shot 1'],
        ['/raw/1.h5', 'filtered', null],
        ['/raw/2.h5', 'failed', '2.h5'],
      ],
    );
    assert.match(String(ran.items[2]?.reason), /refuses its input at input.*shot/);
    assert.equal((ran.items[0]?.input?.['input'] as { file: string }).file, 'raw:/raw/0.h5');
    assert.deepEqual([ran.looked, ran.wouldFire], [3, 1]);
    assert.deepEqual(ran.outcomes, { fired: 1, filtered: 1, failed: 1 });
  });

  test('runs, parameters, datasets, ends of flow runs, instants', async () => {
    const instrument = 'tokamak';
    const ended = await dryRun(
      { kind: 'run', instrument, on: 'end' },
      { input: { 'p.$': '$.run.parameters.power' } },
    );
    assert.deepEqual(
      ended.items.map(({ key, input }) => [key, input]),
      [['end 9', { p: 6 }]],
    );
    const power = { kind: 'parameter', instrument, name: 'power', range: { least: 5 } };
    assert.equal((await dryRun(power)).wouldFire, 2);
    assert.equal((await dryRun({ ...power, changes: true })).wouldFire, 1);
    const where = [{ path: 'index', equals: 1 }];
    const datasets = await dryRun({ kind: 'dataset', where });
    assert.deepEqual(
      datasets.items.map(({ event }) => event),
      ['1.h5'],
    );
    const flows = await dryRun({ kind: 'flow', flowName: 'pass' });
    assert.equal(flows.wouldFire, 1);
    assert.match(String(flows.items[0]?.event), /pass SUCCEEDED/);
    const hourly = { kind: 'schedule', cron: '*/10 * * * *', timeZone: 'Europe/Berlin' };
    assert.ok([6, 7].includes((await dryRun(hourly)).wouldFire));
  });

  test('nothing was started or written, and the time is bounded', async () => {
    const { body } = await hub.send('GET', '/flow-runs?limit=500');
    assert.equal((body['items'] as unknown[]).length, 1);
    const rows = await hub.hub.db.query('select 1 from trigger_firings');
    assert.equal(rows.length, 0);
    const to = hub.hub.now();
    const trigger = {
      source: { kind: 'schedule', cron: '* * * * *', timeZone: 'UTC' },
      flowName: 'pass',
      project: 'demo',
    };
    const long = { trigger, from: addSeconds(to, -32 * 86_400), to };
    assert.equal((await hub.send('POST', '/triggers/dry-run', long)).status, 422);
    const month = { trigger, from: addSeconds(to, -31 * 86_400), to };
    const cut = await hub.send('POST', '/triggers/dry-run', month);
    assert.equal(cut.body['isCut'], true);
    assert.equal(cut.body['looked'], 2_000);
    assert.equal((cut.body['items'] as unknown[]).length, 500);
  });
});
