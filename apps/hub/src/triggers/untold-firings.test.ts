import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../testing/until.ts';
import { TriggerWorld } from '../testing/trigger-world.ts';

describe('events that start nothing', () => {
  let world: TriggerWorld;

  before(async () => {
    world = await TriggerWorld.make();
  });
  after(() => world.end());

  const heard = async (trigger: string) => {
    const { body } = await world.hub.send('GET', '/events?limit=200');
    const { items } = body as unknown as {
      items: { kind: string; subjectId: string; data: Record<string, number> }[];
    };
    return items.filter(({ kind, subjectId }) => kind === 'trigger.heard' && subjectId === trigger);
  };

  test('are told to open pages, many of them as one', async () => {
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/some/*' };
    await world.save('picky', { source, when: 'metadata.gain > 1' });
    const files = Array.from({ length: 30 }, (_, n) => `/some/${n}`);
    for (const path of files) await world.file(path, { metadata: { gain: 0 } });
    await world.file('/some/0', { metadata: { gain: 0 } });
    const events = await until('all to be told', async () => {
      const found = await heard('picky');
      const told = found.reduce((sum, { data }) => sum + (data['filtered'] ?? 0), 0);
      return told === files.length ? found : undefined;
    });
    assert.ok(events.length <= 3, String(events.length));
    await world.forget('picky');
  });

  test('are none where a flow run was started: that has events of its own', async () => {
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/any/*' };
    await world.save('keen', { source, rateLimit: { most: 1, perSeconds: 3600 } });
    await world.file('/any/0');
    await world.file('/any/1');
    const [event, ...others] = await until('one to be told', async () => {
      const found = await heard('keen');
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(event?.data, { limited: 1 });
    assert.deepEqual(others, []);
    await world.forget('keen');
  });
});
