import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Database } from '@interpulse/store/database.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

type Answer = Record<string, unknown>;

const quiet = {
  StartAt: 'Rest',
  States: { Rest: { Type: 'Wait', Seconds: 3600, End: true } },
};
const secretive = {
  StartAt: 'Tell',
  States: {
    Tell: {
      Type: 'Pass',
      Parameters: { __Private_Parameters: ['token'], token: 'swordfish', plain: 1 },
      ResultPath: '$.told',
      End: true,
    },
  },
};
const asWhom = (runAs: string) => ({
  StartAt: 'Work',
  States: {
    Work: {
      Type: 'Action',
      ActionUrl: 'interpulse:compute',
      RunAs: runAs,
      Parameters: { app: 'bare', site: 'no-site' },
      WaitTime: 3600,
      ResultPath: '$.work',
      End: true,
    },
  },
});

describe('people around flows and flow runs', () => {
  let db: Database;
  let hub: TestHub;
  const tokens: Record<string, string> = {};

  before(async () => {
    db = await openTestDatabase();
    hub = await startTestHub(db);
    for (const name of ['stranger', 'guest', 'starter']) tokens[name] = await hub.addUser(name);
    tokens['member'] = await hub.addUser('member', 'member');
    tokens['manager'] = await hub.addUser('manager', 'manager');
    await hub.send('PUT', '/apps/bare', { command: ['true'] });
    await hub.send('POST', '/projects', { name: 'other' });
    await hub.send('PUT', '/projects/other/members/guest', { role: 'member' });
  });
  after(async () => {
    await hub.stop();
    await db.close();
  });

  const as = (name: string, method: string, path: string, body?: unknown) =>
    hub.send(method, path, body, tokens[name]);

  async function save(name: string, definition: object, more: object = {}): Promise<void> {
    const body = { definition, project: 'demo', ...more };
    const sent = await as('manager', 'PUT', `/flows/${name}`, body);
    assert.equal(sent.status, 200, JSON.stringify(sent.body));
  }

  async function start(who: string, flow: string, more: object = {}): Promise<string> {
    const sent = await as(who, 'POST', '/flow-runs', { flow, input: {}, ...more });
    assert.equal(sent.status, 201, JSON.stringify(sent.body));
    return String(sent.body['id']);
  }

  const namesIn = async (who: string, path: string, field: string): Promise<unknown[]> =>
    ((await as(who, 'GET', path)).body['items'] as Answer[]).map((item) => item[field]);

  test('a flow that is shared is seen and started by those it is shared with', async () => {
    await save('shared', quiet);
    assert.equal((await as('guest', 'GET', '/flows/shared')).status, 404);
    assert.deepEqual(await namesIn('guest', '/flows', 'name'), []);
    const share = { viewers: ['project:other'], starters: ['starter'] };
    assert.equal((await as('member', 'PATCH', '/flows/shared', share)).status, 403);
    assert.equal((await as('manager', 'PATCH', '/flows/shared', share)).status, 200);
    assert.equal((await as('guest', 'GET', '/flows/shared')).status, 200);
    assert.deepEqual(await namesIn('guest', '/flows', 'name'), ['shared']);
    assert.deepEqual(await namesIn('stranger', '/flows', 'name'), []);
    const refused = await as('guest', 'POST', '/flow-runs', { flow: 'shared' });
    assert.equal(refused.status, 403);
    const id = await start('starter', 'shared');
    // It is in no project, and sees what it started itself.
    assert.equal((await as('starter', 'GET', `/flow-runs/${id}`)).status, 200);
    assert.deepEqual(await namesIn('starter', '/flow-runs?mine=true', 'id'), [id]);
    assert.equal((await as('guest', 'GET', `/flow-runs/${id}`)).status, 404);
    const unknown = await as('manager', 'PATCH', '/flows/shared', { viewers: ['nobody-at-all'] });
    assert.equal(unknown.status, 422);
  });

  test('a flow stays in its project: a save that names another one changes nothing', async () => {
    await save('settled', quiet);
    const more = { title: 'Moved', definition: quiet };
    const moved = await as('manager', 'PUT', '/flows/settled', { ...more, project: 'dmo' });
    assert.equal(moved.status, 422);
    assert.match(String(moved.body['detail']), /project: flow "settled" belongs to project demo/);
    assert.equal((await as('manager', 'GET', '/flows/settled')).body['title'], '');
    assert.equal((await as('manager', 'PUT', '/flows/settled', more)).status, 200);
  });

  test('a part in a flow run is given to somebody who is there', async () => {
    await save('parted', quiet);
    const input = { flow: 'parted', input: {} };
    const slip = await as('member', 'POST', '/flow-runs', { ...input, monitors: ['guets'] });
    assert.equal(slip.status, 422);
    assert.match(String(slip.body['detail']), /^monitors\.0: there is no user .* "guets"/);
    const id = await start('member', 'parted', { monitors: ['guest', 'project:other'] });
    const change = (more: object) => as('member', 'PATCH', `/flow-runs/${id}`, more);
    assert.equal((await change({ managers: ['gest'] })).status, 422);
    assert.equal((await change({ managers: ['guest'] })).status, 200);
  });

  test('monitors read, managers cancel, of one flow run and of all of a flow', async () => {
    await save('watched', quiet, { runMonitors: ['guest'] });
    const mine = await start('member', 'watched', { monitors: ['stranger'] });
    for (const who of ['guest', 'stranger']) {
      assert.deepEqual(await namesIn(who, '/flow-runs?flow=watched', 'id'), [mine]);
      assert.equal((await as(who, 'GET', `/flow-runs/${mine}/log`)).status, 200);
      assert.equal((await as(who, 'GET', `/flow-runs/${mine}/output`)).status, 200);
      assert.equal((await as(who, 'POST', `/flow-runs/${mine}/cancel`)).status, 403);
      const events = await as(who, 'GET', `/events?flowRun=${mine}`);
      assert.ok((events.body['items'] as Answer[]).length > 0, who);
    }
    const role = '/flow-runs?role=flowRunMonitor';
    assert.deepEqual(await namesIn('guest', role, 'id'), [mine]);
    assert.deepEqual(await namesIn('stranger', role, 'id'), []);
    const change = { managers: ['stranger'], tags: { sample: 'gold' }, label: 'Gold' };
    assert.equal((await as('stranger', 'PATCH', `/flow-runs/${mine}`, change)).status, 403);
    assert.equal((await as('member', 'PATCH', `/flow-runs/${mine}`, change)).status, 200);
    assert.deepEqual(await namesIn('member', '/flow-runs?tags=sample:gold', 'label'), ['Gold']);
    assert.deepEqual(await namesIn('member', '/flow-runs?tags=sample:tin', 'label'), []);
    const canceled = await as('stranger', 'POST', `/flow-runs/${mine}/cancel`);
    assert.equal(canceled.body['status'], 'ENDED');
  });

  test('managers of a flow run see its questions and close them; monitors see', async () => {
    const States = {
      Ask: {
        Type: 'CreateWebInput',
        Parameters: { InputType: 'Selection', Options: [{ Value: 'go', Label: 'Go' }] },
        ResultPath: '$.ask',
        Next: 'Answer',
      },
      Answer: {
        Type: 'AwaitWebInput',
        Parameters: { 'web_input_id.$': '$.ask.web_input_id' },
        ResultPath: '$.answer',
        End: true,
      },
    };
    const definition = { StartAt: 'Ask', States };
    await as('manager', 'PUT', '/flows/asking', {
      ...{ definition, project: 'demo', runMonitors: ['guest'] },
    });
    const body = { flow: 'asking', project: 'demo', managers: ['stranger'] };
    const { id } = (await as('manager', 'POST', '/flow-runs', body)).body as { id: string };
    const asked = async (name: string) => {
      const { items } = (await as(name, 'GET', `/web-inputs?filter=all&flowRun=${id}`)).body;
      return (items as Answer[]).map((item) => [item['mayAnswer'], item['mayClose']].join());
    };
    assert.deepEqual(await asked('stranger'), ['false,true']);
    assert.deepEqual(await asked('guest'), ['false,false']);
    assert.deepEqual(await asked('starter'), []);
    const [{ id: question }] = (await as('stranger', 'GET', `/web-inputs?filter=all&flowRun=${id}`))
      .body['items'] as [{ id: string }];
    const close = `/web-inputs/${question}/close`;
    assert.equal((await as('starter', 'POST', close, { reason: 'x' })).status, 404);
    assert.equal((await as('guest', 'POST', close, { reason: 'x' })).status, 403);
    const closed = await as('stranger', 'POST', close, { reason: 'no beam' });
    assert.equal(closed.body['status'], 'closed');
    const { flowRun } = (await as('stranger', 'GET', `/flow-runs/${id}`)).body;
    assert.equal((flowRun as Answer)['status'], 'FAILED');
  });

  test('private parameters are their owners’; others save without losing them', async () => {
    await save('secretive', secretive);
    const of = async (who: string) =>
      JSON.stringify((await as(who, 'GET', '/flows/secretive')).body['definition']);
    assert.match(await of('manager'), /swordfish/);
    assert.doesNotMatch(await of('member'), /swordfish/);
    const seen = JSON.parse(await of('member')) as Answer;
    const body = { definition: { ...seen, Comment: 'changed' } };
    assert.equal((await as('member', 'PUT', '/flows/secretive', body)).body['version'], 2);
    assert.match(await of('manager'), /swordfish.*|changed/);
    assert.match(await of('manager'), /swordfish/);
    const id = await start('member', 'secretive');
    for (const path of ['', '/log', '/output', '/log/file']) {
      const answer = await fetch(`${hub.url}/api/v1/flow-runs/${id}${path}`, {
        headers: { authorization: `Bearer ${tokens['member']}` },
      });
      assert.doesNotMatch(await answer.text(), /swordfish/, path);
    }
  });

  test('managers keep the service accounts of their project', async () => {
    const body = { name: 'beamline', project: 'demo' };
    assert.equal((await as('member', 'POST', '/service-accounts', body)).status, 403);
    const made = await as('manager', 'POST', '/service-accounts', body);
    assert.equal(made.body['project'], 'demo');
    assert.equal((await as('manager', 'POST', '/service-accounts', body)).status, 409);
    const token = { user: 'beamline', label: 'daq' };
    assert.equal((await as('member', 'POST', '/tokens', token)).status, 403);
    const issued = await as('manager', 'POST', '/tokens', token);
    assert.equal(issued.status, 201);
    const { secret, token: kept } = issued.body as { secret: string; token: { id: string } };
    assert.equal((await hub.send('GET', '/me', undefined, secret)).body['name'], 'beamline');
    assert.deepEqual(await namesIn('manager', '/tokens?user=beamline', 'id'), [kept.id]);
    assert.equal((await as('member', 'DELETE', `/tokens/${kept.id}`)).status, 404);
    assert.equal((await as('manager', 'DELETE', `/tokens/${kept.id}`)).status, 204);
    assert.deepEqual(await namesIn('manager', '/service-accounts', 'name'), ['beamline']);
    assert.deepEqual(await namesIn('member', '/service-accounts', 'name'), []);
    const everyone = { name: 'everyone', project: 'demo' };
    assert.equal((await as('manager', 'POST', '/service-accounts', everyone)).status, 422);
  });

  test('an action belongs to whom RunAs names, and that one must be allowed to', async () => {
    const account = { name: 'robot', project: 'demo' };
    await as('manager', 'POST', '/service-accounts', account);
    const noAccount = await as('manager', 'PUT', '/flows/acting', {
      definition: asWhom('Flow'),
      project: 'demo',
    });
    assert.equal(noAccount.status, 422);
    assert.match(JSON.stringify(noAccount.body), /no service account/);
    const byMember = await as('member', 'PUT', '/flows/acting', {
      definition: asWhom('Flow'),
      serviceAccount: 'robot',
      project: 'demo',
    });
    assert.equal(byMember.status, 403);
    await save('acting', asWhom('Flow'), { serviceAccount: 'robot', starters: ['everyone'] });
    await save('acting-role', asWhom('Analyst'), { roles: { Analyst: 'robot' } });
    await save('acting-user', asWhom('User'), { starters: ['everyone'] });
    const owners = async (id: string) => namesIn('manager', `/jobs?flowRun=${id}`, 'owner');
    assert.deepEqual(await owners(await start('member', 'acting')), ['robot']);
    assert.deepEqual(await owners(await start('starter', 'acting')), ['robot']);
    assert.deepEqual(await owners(await start('member', 'acting-role')), ['robot']);
    assert.deepEqual(await owners(await start('member', 'acting-user')), ['member']);
    const refused = await start('starter', 'acting-user');
    const run = await until('its end', async () => {
      const { body } = await as('manager', 'GET', `/flow-runs/${refused}`);
      const flowRun = body['flowRun'] as Answer;
      return flowRun['status'] === 'FAILED' ? flowRun : undefined;
    });
    assert.match(String(run['reason']), /ActionUnableToRun.*starter may not run/);
    // A member may change such a flow no more than the account that it acts as.
    const change = { definition: { ...asWhom('Flow'), Comment: 'mine' } };
    assert.equal((await as('member', 'PUT', '/flows/acting', change)).status, 403);
  });

  test('an old version is listed, got and restored; a flow put away is not started', async () => {
    await save('versioned', quiet);
    await save('versioned', { ...quiet, Comment: 'two' });
    assert.deepEqual(await namesIn('member', '/flows/versioned/versions', 'version'), [2, 1]);
    const one = await as('member', 'GET', '/flows/versioned?version=1');
    assert.deepEqual(one.body['definition'], quiet);
    const restored = await as('member', 'POST', '/flows/versioned/restore', { version: 1 });
    assert.deepEqual([restored.body['version'], restored.body['definition']], [3, quiet]);
    const id = await start('member', 'versioned');
    assert.equal((await as('manager', 'DELETE', '/flows/versioned')).status, 204);
    assert.equal((await as('member', 'POST', '/flow-runs', { flow: 'versioned' })).status, 409);
    assert.equal((await as('member', 'GET', `/flow-runs/${id}`)).status, 200);
    assert.deepEqual(await namesIn('member', '/flows?archived=true', 'name'), ['versioned']);
    await as('manager', 'PATCH', '/flows/versioned', { archived: false });
    await start('member', 'versioned');
  });
});
