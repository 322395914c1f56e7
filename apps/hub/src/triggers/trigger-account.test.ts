import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Database } from '@interpulse/store/database.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';

const definition = { StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } };
const source = { kind: 'webhook' };
const trigger = { source, flowName: 'shared', project: 'demo', deadline: 'none' };

describe('the accounts of triggers', () => {
  let db: Database;
  let hub: TestHub;
  const tokens: Record<string, string> = {};

  before(async () => {
    db = await openTestDatabase();
    hub = await startTestHub(db);
    for (const name of ['member', 'other']) tokens[name] = await hub.addUser(name, 'member');
    tokens['manager'] = await hub.addUser('manager', 'manager');
    await hub.send('POST', '/service-accounts', { name: 'beamline', project: 'demo' });
    await hub.saveFlow('shared', definition);
  });
  after(async () => {
    await hub.stop();
    await db.close();
  });

  const as = (name: string, method: string, path: string, body?: unknown) =>
    hub.send(method, path, body, tokens[name]);
  const save = (name: string, path: string, fields: object = {}) =>
    as(name, 'PUT', `/triggers/${path}`, { ...trigger, ...fields });
  const ownerOf = async (id: unknown) =>
    ((await hub.send('GET', `/flow-runs/${String(id)}`)).body['flowRun'] as { owner: string })
      .owner;

  test('who does not keep a service account changes nothing that it starts', async () => {
    assert.equal((await save('manager', 'kept', { runAs: 'beamline' })).body['runAs'], 'beamline');
    for (const fields of [{}, { runAs: 'beamline' }, { input: { 'x.=': '1' } }]) {
      const { status, body } = await save('member', 'kept', fields);
      assert.equal(status, 403);
      assert.match(String(body['detail']), /managers of project demo keep.*"runAs": "member"/);
    }
    const secret = await as('member', 'POST', '/triggers/kept/rotate-secret', {});
    assert.equal(secret.status, 403);
    assert.equal((await as('manager', 'POST', '/triggers/kept/rotate-secret', {})).status, 200);
    const other = { ...definition, Comment: 'changed' };
    const change = { definition: other, project: 'demo' };
    const flow = await as('member', 'PUT', '/flows/shared', change);
    assert.equal(flow.status, 403);
    assert.match(String(flow.body['detail']), /a trigger starts the flow as beamline/);
    assert.equal((await as('manager', 'PUT', '/flows/shared', change)).status, 200);
    await as('manager', 'DELETE', '/triggers/kept');
    assert.equal((await as('member', 'PUT', '/flows/shared', { definition })).status, 200);
  });

  test('an event that somebody made up acts as who made it, or keeps the account', async () => {
    await save('manager', 'by-hand', { runAs: 'beamline' });
    const mine = await as('member', 'POST', '/triggers/by-hand/fire', {});
    assert.equal(await ownerOf(mine.body['flowRunId']), 'member');
    const kept = await as('manager', 'POST', '/triggers/by-hand/fire', {});
    assert.equal(await ownerOf(kept.body['flowRunId']), 'beamline');
    await as('manager', 'DELETE', '/triggers/by-hand');
  });

  test('who changes the trigger of another person takes it over', async () => {
    assert.equal((await save('other', 'mine')).body['runAs'], 'other');
    const named = await save('member', 'mine', { runAs: 'other' });
    assert.equal(named.status, 422);
    assert.equal((await save('member', 'mine', { runAs: 'manager' })).status, 422);
    assert.equal((await save('member', 'mine')).body['runAs'], 'member');
    assert.equal((await save('member', 'mine', { project: 'elsewhere' })).status, 409);
  });

  test('an account starts nothing in a project that it is not in', async () => {
    await hub.send('POST', '/projects', { name: 'elsewhere' });
    await hub.send('POST', '/service-accounts', { name: 'outsider', project: 'elsewhere' });
    const { status, body } = await hub.send('PUT', '/triggers/out', {
      ...trigger,
      runAs: 'outsider',
    });
    assert.equal(status, 422);
    assert.match(String(body['detail']), /outsider may not run anything in project demo/);
    await save('other', 'leaving');
    await hub.send('DELETE', '/projects/demo/members/other');
    const fired = await hub.send('POST', '/triggers/leaving/fire', {});
    assert.equal(fired.body['outcome'], 'failed');
    assert.match(String(fired.body['reason']), /other may no longer run anything in project demo/);
  });
});
