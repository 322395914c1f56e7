import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { takeFileFinished } from '../agents/take-file-finished.ts';
import { TriggerWorld } from '../testing/trigger-world.ts';

describe('triggers of the files of a run', () => {
  let world: TriggerWorld;

  before(async () => {
    world = await TriggerWorld.make();
    const source = { kind: 'run', instrument: 'tokamak' };
    await world.save('first', { source: { ...source, on: 'firstFile' } });
    await world.save('three', { source: { ...source, on: 'allFiles', files: 3 } });
    await world.save('told', { source: { ...source, on: 'allFiles', files: 'detectors' } });
  });
  after(() => world.end());

  const file = (shotNumber: number | null, name: string, fields: object = {}) =>
    world.file(`/raw/run ${shotNumber}/${name}.h5`, { shotNumber, ...fields });
  const tell = (body: object) => world.hub.send('POST', '/instruments/tokamak/events', body);
  const fired = async (trigger: string) =>
    (await world.firings(trigger)).filter(({ outcome }) => outcome === 'fired').length;
  const inputOf = async (trigger: string) => {
    const newest = (await world.runsOf(trigger)).at(-1);
    assert.ok(newest, trigger);
    return (newest.input as { input: Record<string, unknown> }).input;
  };

  test('the first file of a run starts a flow once, with that file', async () => {
    await file(1, 'a');
    assert.equal(await fired('first'), 1);
    const input = await inputOf('first');
    assert.deepEqual([input['run'], input['file']], [1, 'raw:/raw/run 1/a.h5']);
    assert.match(String(input['dataset']), /^dataset_/);
    await file(1, 'a');
    await file(1, 'b');
    assert.equal(await fired('first'), 1);
    await file(2, 'a');
    assert.equal(await fired('first'), 2);
  });

  test('all files of a run start a flow when the last of them is whole', async () => {
    assert.equal(await fired('three'), 0, 'run 1 has two');
    // Written anew it is the same file of the run.
    await file(1, 'a', { sizeBytes: 2 });
    assert.equal(await fired('three'), 0);
    await file(1, 'c');
    assert.equal(await fired('three'), 1);
    const names = ['a', 'b', 'c'].map((name) => `raw:/raw/run 1/${name}.h5`);
    assert.deepEqual((await inputOf('three'))['files'], names);
    await file(1, 'd');
    assert.equal(await fired('three'), 1, 'once for a run');
  });

  test('how many there are may be a parameter, told before, between or after them', async () => {
    await tell({ kind: 'runStarted', run: 5, parameters: { detectors: 2 } });
    await file(5, 'a');
    assert.equal(await fired('told'), 0);
    await file(5, 'b');
    assert.equal(await fired('told'), 1);
    await file(6, 'a');
    await file(6, 'b');
    assert.equal(await fired('told'), 1, 'nobody has said how many');
    await tell({ kind: 'runEnded', run: 6, parameters: { detectors: '2' } });
    assert.equal(await fired('told'), 2);
    await file(null, 'nobody knows of which run');
    assert.equal(await fired('told'), 2);
  });

  test('files that are told at one moment are all counted', async () => {
    const { hub } = world.hub;
    const { body } = await world.hub.send('GET', '/sites');
    const [site] = body['items'] as { id: string }[];
    assert.ok(site);
    const about = { type: 'fileFinished', instrument: 'tokamak', shotNumber: 9 } as const;
    const whole = { sizeBytes: 1, modifiedAt: hub.now(), closedAt: hub.now(), metadata: {} };
    // Of agents that speak at the same time: each transaction sees its own file at first.
    const told = ['a', 'b', 'c'].map((name) => ({ ...about, ...whole, path: `/${name}.h5` }));
    await Promise.all(told.map((each) => takeFileFinished(hub, site.id, each)));
    const keys = (await world.firings('three')).map(({ key }) => key);
    assert.ok(keys.includes('files 9'), keys.join(', '));
    assert.equal((await world.firings('first')).filter(({ key }) => key === 'files 9').length, 1);
  });

  test('a dry run tells the same', async () => {
    const source = { kind: 'run', instrument: 'tokamak', on: 'allFiles', files: 3 };
    const from = new Date(Date.now() - 3600_000).toISOString();
    const to = new Date(Date.now() + 1000).toISOString();
    const rehearse = async (of: object) => {
      const trigger = { source: of, flowName: 'pass', project: 'demo' };
      const body = { name: 'would-be', trigger, from, to };
      const sent = await world.hub.send('POST', '/triggers/dry-run', body);
      assert.equal(sent.status, 200, JSON.stringify(sent.body));
      const items = sent.body['items'] as { key: string; wouldFire: boolean }[];
      return items.filter(({ wouldFire }) => wouldFire).map(({ key }) => key);
    };
    assert.deepEqual(await rehearse(source), ['files 1', 'files 9']);
    const first = { kind: 'run', instrument: 'tokamak', on: 'firstFile' };
    const all = ['files 1', 'files 2', 'files 5', 'files 6', 'files 9'];
    assert.deepEqual(await rehearse(first), all);
  });

  test('how many there are is asked for where it is needed, and only there', async () => {
    const save = (source: object) =>
      world.hub.send('PUT', '/triggers/odd', { source, flowName: 'pass', project: 'demo' });
    const source = { kind: 'run', instrument: 'tokamak' };
    assert.equal((await save({ ...source, on: 'allFiles' })).status, 422);
    assert.equal((await save({ ...source, on: 'end', files: 2 })).status, 422);
  });
});
