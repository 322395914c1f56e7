import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addSeconds } from '@interpulse/domain/time.ts';
import type { TestHub } from '../testing/start-test-hub.ts';
import { TriggerWorld } from '../testing/trigger-world.ts';

interface Told {
  event: string;
  key: string;
  outcome: string;
  reason: string | null;
  label: string | null;
  input: Record<string, unknown> | null;
}

describe('dry runs', () => {
  let world: TriggerWorld;
  let hub: TestHub;
  let from: string;

  before(async () => {
    world = await TriggerWorld.make();
    ({ hub } = world);
    from = addSeconds(hub.hub.now(), -3600);
    await world.flow('shots-only', { properties: { input: { required: ['shot'] } } });
    for (const [index, shotNumber] of [1, 2, null].entries()) {
      const at = addSeconds(from, index);
      const times = { modifiedAt: at, closedAt: at };
      await world.file(`/raw/${index}.h5`, { ...times, shotNumber, metadata: { index } });
    }
    const events = [
      { kind: 'runStarted', parameters: { power: 1 } },
      { kind: 'parametersSet', parameters: { power: 6 } },
      { kind: 'parametersSet', parameters: { power: 6 } },
      { kind: 'runEnded' },
    ];
    for (const [index, event] of events.entries()) {
      await world.tellRun({ ...event, run: 9, at: addSeconds(from, 10 + index) });
    }
    await hub.send('POST', '/flow-runs', { flow: 'pass', input: { a: 1 }, project: 'demo' });
  });
  after(() => world.end());

  const dryRun = async (source: object, fields: object = {}, since = from) => {
    const trigger = { source, flowName: 'pass', project: 'demo', deadline: 'none', ...fields };
    const window = { from: since, to: addSeconds(hub.hub.now(), 60) };
    const { status, body } = await hub.send('POST', '/triggers/dry-run', { trigger, ...window });
    assert.equal(status, 200, JSON.stringify(body));
    return body as {
      items: Told[];
      wouldFire: number;
      looked: number;
      outcomes: object;
      notes: string[];
    };
  };

  test('a pattern that nothing matches is told with what came', async () => {
    const ran = await dryRun({ kind: 'file', instrument: 'tokamak', pattern: '/raw/*.nxs' });
    assert.deepEqual([ran.items, ran.looked], [[], 3]);
    assert.match(ran.notes.join(), /listens to; the last was \/raw\/2\.h5/);
    const none = await dryRun({ kind: 'webhook' });
    assert.doesNotMatch(none.notes.join(), /listens to/);
    const files = { kind: 'file', instrument: 'tokamak', pattern: '/raw/*' };
    const idle = await dryRun(files, {}, addSeconds(hub.hub.now(), 30));
    assert.match(idle.notes.join(), /no file of instrument tokamak was told in this time; why/);
  });

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
    assert.match(JSON.stringify(ran.items[0]?.input), /"file":"raw:.raw.0.h5"/);
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
    const history = await hub.send('GET', '/events?subjectType=trigger&limit=9');
    assert.deepEqual(history.body['items'], []);
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
