import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TriggerWorld } from '../testing/trigger-world.ts';

interface Told {
  origin: string;
  at: string | null;
  summary: string | null;
  note: string | null;
  event: Record<string, unknown>;
}

describe('the last event that a trigger listens to', () => {
  let world: TriggerWorld;

  before(async () => {
    world = await TriggerWorld.make();
  });
  after(() => world.end());

  const last = async (body: object): Promise<Told> => {
    const answer = await world.hub.send('POST', '/triggers/last-event', body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body as unknown as Told;
  };
  const ofSource = (source: object) => last({ source, project: 'demo' });
  const instrument = 'tokamak';

  test('is made up while there was none', async () => {
    const sources = [
      { kind: 'file', instrument, pattern: '/never/*.h5' },
      { kind: 'run', instrument, on: 'end' },
      { kind: 'parameter', instrument, name: 'never' },
      { kind: 'dataset', keywords: ['never'] },
      { kind: 'flow', flowName: 'never' },
      { kind: 'webhook' },
      { kind: 'schedule', cron: '0 0 29 2 *', timeZone: 'UTC' },
    ];
    for (const source of sources) {
      const { origin, at, summary, event } = await ofSource(source);
      assert.deepEqual([origin, at, summary], ['example', null, null], source.kind);
      assert.equal(event['kind'], source.kind);
    }
  });

  test('is the newest file that its pattern takes, also of one that grows', async () => {
    for (const name of ['a', 'b']) await world.file(`/seen/${name}.h5`, { metadata: { name } });
    await world.file('/other/c.h5');
    const source = { kind: 'file', instrument, pattern: '/seen/*' };
    const whole = await ofSource(source);
    assert.deepEqual([whole.origin, whole.summary, whole.note], ['seen', '/seen/b.h5', null]);
    assert.deepEqual(whole.event['metadata'], { name: 'b' });
    const growing = await ofSource({ ...source, stage: 'growing' });
    assert.match(String(growing.note), /last whole file/);
    assert.equal(growing.event['path'], '/seen/b.h5');
    assert.equal(growing.event['stage'], 'growing');
    assert.equal('dataset' in growing.event, false);
  });

  test('is the newest run, value, dataset, end of a flow run, and instant', async () => {
    await world.tellRun({ kind: 'runStarted', run: 8, parameters: { heating: 2 } });
    await world.tellRun({ kind: 'parametersSet', run: 8, parameters: { heating: 3 } });
    await world.tellRun({ kind: 'runStarted', run: 9, parameters: { gas: 'D' } });
    const run = await ofSource({ kind: 'run', instrument, on: 'start' });
    assert.equal((run.event['run'] as { number: number }).number, 9);
    const { event } = await ofSource({ kind: 'parameter', instrument, name: 'heating' });
    const parameter = { name: 'heating', value: 3, previous: 2, isNew: false };
    assert.deepEqual(event['parameter'], parameter);
    const dataset = await ofSource({ kind: 'dataset', datasetKind: 'raw' });
    assert.match(JSON.stringify(dataset.event['dataset']), /other\/c\.h5/);
    await world.hub.send('POST', '/flow-runs', { flow: 'pass', input: { n: 4 }, project: 'demo' });
    const ended = await ofSource({ kind: 'flow', flowName: 'pass' });
    assert.match(JSON.stringify(ended.event['flowRun']), /"status":"SUCCEEDED".*"input":\{"n":4/);
    const often = await ofSource({ kind: 'schedule', cron: '*/5 * * * *', timeZone: 'UTC' });
    assert.equal(often.origin, 'seen');
    assert.ok(Date.now() - Date.parse(String(often.at)) < 300_000 + 60_000, String(often.at));
    const rarely = await ofSource({ kind: 'schedule', cron: '0 0 1 1 *', timeZone: 'UTC' });
    assert.match(String(rarely.at), /-01-01T00:00/);
  });

  test('starts the flow again by hand as it did, however often', async () => {
    const properties = { file: {}, dataset: {}, returnTo: {}, shot: {} };
    const strict = { type: 'object', properties, additionalProperties: false };
    await world.flow('careful', { properties: { input: strict }, additionalProperties: false });
    const source = { kind: 'file', instrument, pattern: '/again/*' };
    await world.save('again', { source, flowName: 'careful', dedupKey: 'path' });
    await world.file('/again/a.h5');
    const { event } = await last({ name: 'again' });
    for (const _ of [1, 2]) {
      const { body } = await world.hub.send('POST', '/triggers/again/fire', { event });
      assert.equal(body['outcome'], 'fired', JSON.stringify(body));
    }
    const [first, ...again] = await world.runsOf('again');
    assert.equal(again.length, 2);
    for (const run of again) assert.deepEqual(run.input, first?.input);
    await world.forget('again');
  });

  test('is never one that was given by hand', async () => {
    await world.save('hook', { source: { kind: 'webhook' } });
    await world.hub.send('POST', '/triggers/hook/fire', { event: { body: { made: 'up' } } });
    assert.equal((await last({ name: 'hook' })).origin, 'example');
    await world.forget('hook');
  });

  test('is not for those who may not see what happens there', async () => {
    const stranger = await world.hub.addUser('stranger');
    const source = { kind: 'file', instrument, pattern: '/**' };
    await world.save('theirs', { source });
    const named = await world.hub.send(
      'POST',
      '/triggers/last-event',
      { name: 'theirs' },
      stranger,
    );
    assert.equal(named.status, 404, JSON.stringify(named.body));
    await world.forget('theirs');
  });
});
