import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Fault } from '@interpulse/domain/error.ts';
import type { Database } from '@interpulse/store/database.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';

function flowWith(Parameters: object) {
  const action = { Type: 'Action', ActionUrl: 'interpulse:compute', WaitTime: 60 };
  const Work = { ...action, Parameters, End: true };
  return { definition: { StartAt: 'Work', States: { Work } }, project: 'demo' };
}

const told = (faults: unknown): string[] =>
  (faults as Fault[]).map(({ loc, type }) => `${loc.slice(3).join('/')} ${type}`);

describe('what actions are given', () => {
  let db: Database;
  let hub: TestHub;

  before(async () => {
    db = await openTestDatabase();
    hub = await startTestHub(db);
    await hub.send('PUT', '/apps/bare', { command: ['true'] });
  });
  after(async () => {
    await hub.stop();
    await db.close();
  });

  test('is refused when the flow is saved, checked or imported, if it cannot work', async () => {
    const faulty = flowWith({ apps: 'bare', 'inputs.$': '$.files', priority: 'high' });
    const expected = [
      'Parameters/priority invalid_type',
      'Parameters/apps unrecognized_key',
      'Parameters/app custom',
    ];
    const saved = await hub.send('PUT', '/flows/faulty', faulty);
    assert.equal(saved.status, 422, JSON.stringify(saved.body));
    assert.deepEqual(told(saved.body['errors']), expected);
    assert.equal((await hub.send('GET', '/flows/faulty')).status, 404);
    const { definition } = faulty;
    for (const path of ['/flows/check', '/flow-imports/check']) {
      const { body } = await hub.send('POST', path, { definition });
      assert.deepEqual(told(body['faults']), expected, path);
    }
  });

  test('is warned of, if it names what is not there yet', async () => {
    const early = flowWith({ app: 'later', site: 'bare', returnTo: 'nowhere:/' });
    for (const path of ['/flows/check', '/flow-imports/check']) {
      const { definition } = early;
      const { body } = await hub.send('POST', path, { definition });
      assert.deepEqual(body['faults'], []);
      const names = (body['warnings'] as Fault[]).filter(({ type }) => type === 'unknown_name');
      assert.deepEqual(told(names), [
        'Parameters/app unknown_name',
        'Parameters/site unknown_name',
        'Parameters/returnTo unknown_name',
      ]);
    }
  });

  test('is warned of when it is saved, and when an old version is restored', async () => {
    const early = flowWith({ app: 'later' });
    const expected = ['Parameters/app unknown_name'];
    const saved = await hub.send('PUT', '/flows/early', early);
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    assert.deepEqual(told(saved.body['warnings']), expected);
    const mended = await hub.send('PUT', '/flows/early', flowWith({ app: 'bare' }));
    assert.deepEqual(mended.body['warnings'], []);
    const restored = await hub.send('POST', '/flows/early/restore', { version: 1 });
    assert.deepEqual(told(restored.body['warnings']), expected);
  });

  test('is warned of, if it asks people who are nobody here', async () => {
    const urns = ['user:admin', 'user:nobody', 'project:demo', 'project:dmo'];
    const Options = [{ Value: 'go' }];
    const Parameters = { InputType: 'Selection', Options, RespondentUrns: urns };
    const Ask = { Type: 'CreateWebInput', Parameters, End: true };
    const definition = { StartAt: 'Ask', States: { Ask } };
    const expected = [
      'Parameters/RespondentUrns/1 unknown_name',
      'Parameters/RespondentUrns/3 unknown_name',
    ];
    const checked = await hub.send('POST', '/flows/check', { definition });
    assert.deepEqual(told(checked.body['warnings']), expected);
    const saved = await hub.send('PUT', '/flows/asks', { definition, project: 'demo' });
    assert.deepEqual(told(saved.body['warnings']), expected);
  });

  test('is no matter of Globus when it is saved', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'] }];
    const { definition, project } = flowWith({ app: 'bare' });
    const Work = { ...definition.States.Work, Retry };
    const retried = { definition: { StartAt: 'Work', States: { Work } }, project };
    const checked = await hub.send('POST', '/flows/check', { definition: retried.definition });
    assert.match(JSON.stringify(checked.body['warnings']), /extension/);
    const saved = await hub.send('PUT', '/flows/retried', retried);
    assert.deepEqual(saved.body['warnings'], []);
  });

  test('is said to import only if it is saved then', async () => {
    const States = { Act: { ...flowWith({ app: 'bare' }).definition.States.Work, RunAs: 'Flow' } };
    const definition = { StartAt: 'Act', States };
    const check = async (more: object): Promise<unknown> =>
      (await hub.send('POST', '/flow-imports/check', { definition, flow: 'acting', ...more })).body[
        'imports'
      ];
    const save = async (more: object): Promise<number> =>
      (await hub.send('PUT', '/flows/acting', { definition, project: 'demo', ...more })).status;
    assert.deepEqual([await check({}), await save({})], [false, 422]);
    const account = { name: 'beamline-8', project: 'demo' };
    assert.equal((await hub.send('POST', '/service-accounts', account)).status, 201);
    const acts = { serviceAccount: 'beamline-8' };
    assert.deepEqual([await check(acts), await save(acts)], [true, 200]);
    assert.deepEqual([await check({}), await save({})], [true, 200], 'the flow has it still');
  });
});
