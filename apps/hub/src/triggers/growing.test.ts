import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TriggerWorld } from '../testing/trigger-world.ts';

describe('files that grow', () => {
  let world: TriggerWorld;

  before(async () => {
    world = await TriggerWorld.make();
  });
  after(() => world.end());

  test('fire triggers of that stage for each size, and nothing is registered', async () => {
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/grows/*', stage: 'growing' };
    await world.save('online', { source, when: 'sizeBytes > 5' });
    for (const sizeBytes of [5, 10, 10, 20]) await world.grows('/grows/a.h5', sizeBytes);
    await world.grows('/other/a.h5', 30);
    const outcomes = await world.outcomes('online');
    assert.deepEqual(outcomes.toSorted(), ['filtered', 'fired', 'fired']);
    const runs = await world.runsOf('online');
    const inputs = runs.map(({ input }) => (input as { input: Record<string, unknown> }).input);
    const [first] = inputs.toSorted((a, b) => Number(a['sizeBytes']) - Number(b['sizeBytes']));
    assert.deepEqual(first, {
      file: 'raw:/grows/a.h5',
      returnTo: 'results:/answers/a/',
      shot: 7,
      sizeBytes: 10,
      frames: 0,
    });
    const { body } = await world.hub.send('GET', '/datasets');
    assert.deepEqual(body['items'], []);
    await world.forget('online');
  });

  test('fire once there are so many frames; of how many is not known there are none', async () => {
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/frames/*', stage: 'growing' };
    await world.save('preliminary', { source, when: 'frames >= 100', dedupKey: 'path' });
    for (const frames of [0, 99, 100, 140]) await world.grows('/frames/a.h5', 10 + frames, frames);
    const [firing, ...others] = await world.firings('preliminary');
    assert.deepEqual([firing?.outcome, others], ['fired', []]);
    assert.match(firing?.summary ?? '', /100 frames/);
    assert.equal((await world.runsOf('preliminary')).length, 1);
    await world.forget('preliminary');
  });

  test('tell sizes and frames to flows that take them, whose schema is strict or not', async () => {
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/takes/*', stage: 'growing' };
    const fileOnly = { file: { type: 'string' }, returnTo: {}, shot: {} };
    const strictly = (properties: object) => ({
      properties: { input: { type: 'object', properties, additionalProperties: false } },
    });
    await world.flow('strict', strictly(fileOnly));
    await world.flow('counting', strictly({ ...fileOnly, frames: { type: 'integer' } }));
    for (const flowName of ['strict', 'counting', 'pass']) {
      await world.save(`to-${flowName}`, { source, flowName });
    }
    await world.grows('/takes/a.h5', 512, 100);
    const given = async (name: string) => {
      const [run] = await world.runsOf(name);
      const input = run?.input as { input: Record<string, unknown> } | undefined;
      const { file: _, returnTo: __, shot: ___, ...more } = input?.input ?? {};
      return more;
    };
    assert.deepEqual(await given('to-strict'), {});
    assert.deepEqual(await given('to-counting'), { frames: 100 });
    assert.deepEqual(await given('to-pass'), { sizeBytes: 512, frames: 100 });
    for (const name of ['to-strict', 'to-counting', 'to-pass']) await world.forget(name);
  });

  test('are no finished files, and finished ones do not grow', async () => {
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/both/*' };
    await world.save('whole', { source });
    await world.save('online', { source: { ...source, stage: 'growing' }, dedupKey: 'path' });
    await world.grows('/both/a.h5', 1);
    await world.grows('/both/a.h5', 2);
    await world.file('/both/a.h5');
    assert.deepEqual(await world.outcomes('whole'), ['fired']);
    assert.deepEqual(await world.outcomes('online'), ['fired']);
    const window = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };
    const { body } = await world.hub.send('POST', '/triggers/dry-run', {
      name: 'online',
      ...window,
    });
    assert.match(JSON.stringify(body['notes']), /nothing is kept/);
    for (const name of ['whole', 'online']) await world.forget(name);
  });
});
