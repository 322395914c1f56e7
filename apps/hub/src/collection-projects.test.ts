import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import type { FlowRun } from '@interpulse/domain/flow-run/flow-run.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { analyzeApp } from './testing/analyze-flow.ts';
import { computeState, startTestHub, type Sent, type TestHub } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

const scratch = { name: 'centre-scratch', title: '', writable: true };
const vault = { name: 'vault', title: '', writable: true, project: 'beam7' };

/** What the agent says of itself. */
const state: Partial<AgentState> = { ...computeState('centre'), collections: [scratch, vault] };

/** What the agent was asked, and does as if. */
const asked: Question[] = [];
function answer(question: Question): { message: Answer } {
  asked.push(question);
  if (question.ask === 'listFolder') return { message: { answer: 'folder', entries: [] } };
  if (question.ask === 'lookAt') return { message: { answer: 'entry', entry: null } };
  if (question.ask === 'makeFolder') return { message: { answer: 'madeFolder', isNew: true } };
  if (question.ask === 'deletePaths') {
    const counts = { files: 1, folders: 0, missing: 0, hasMore: false };
    return { message: { answer: 'deleted', ...counts } };
  }
  return { message: { answer: 'json', value: {} } };
}

/** Asks the API as somebody, with JSON or the bytes of a file. */
async function sendAs(
  url: string,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<Sent> {
  const isFile = body instanceof Uint8Array;
  const type = isFile ? 'application/octet-stream' : 'application/json';
  const reply = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: isFile ? Buffer.from(body) : JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

describe('a collection that belongs to a project', () => {
  let hub: TestHub;
  let centre: FakeAgent;
  /** Tokens: mia and vera are in `demo`; vera is a member of `beam7` too, rita only reads there. */
  const tokens = new Map<string, string>();

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    await analyzeApp(hub);
    await hub.send('POST', '/projects', { name: 'beam7', title: '' });
    for (const name of ['mia', 'vera', 'rita']) tokens.set(name, await hub.addUser(name, 'member'));
    await hub.send('PUT', '/projects/beam7/members/vera', { role: 'member' });
    await hub.send('PUT', '/projects/beam7/members/rita', { role: 'reader' });
    centre = new FakeAgent({ url: hub.url, ...(await hub.enrol('centre')), state, answer });
    await centre.ready();
  });
  after(async () => {
    centre.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const send = (name: string, method: string, path: string, body?: object): Promise<Sent> =>
    sendAs(hub.url, tokens.get(name) ?? '', method, path, body);
  /** How the API answers mia, rita and vera. */
  const answers = (method: string, path: string, body?: object): Promise<number[]> =>
    Promise.all(
      ['mia', 'rita', 'vera'].map(async (name) => (await send(name, method, path, body)).status),
    );

  test('is listed with its project', async () => {
    const { body } = await send('mia', 'GET', '/collections');
    const shown = (body['items'] as { name: string; project: string | null }[]).map(
      ({ name, project }) => [name, project],
    );
    assert.deepEqual(shown, [
      ['centre-scratch', null],
      ['vault', 'beam7'],
    ]);
  });

  test('is looked into by who has a role, and written by members', async () => {
    assert.deepEqual(await answers('GET', '/folder?location=vault:/'), [403, 200, 200]);
    const file = Buffer.from('x');
    const written = await answers('PUT', '/file?location=vault:/x.txt', file);
    assert.deepEqual(
      written.map((status) => status < 300),
      [false, false, true],
    );
    const open = await answers('GET', '/folder?location=centre-scratch:/');
    assert.deepEqual(open, [200, 200, 200], 'what is nobody’s is as it was');
  });

  test('transfers read and write there for those who may', async () => {
    const transfer = (source: string, destination: string) => ({
      items: [{ source, destination, recursive: false }],
      project: 'demo',
      label: '',
    });
    const out = transfer('vault:/a', 'centre-scratch:/a');
    assert.deepEqual(await answers('POST', '/transfers', out), [403, 201, 201]);
    const back = transfer('centre-scratch:/a', 'vault:/a');
    assert.deepEqual(await answers('POST', '/transfers', back), [403, 403, 201]);
    const { body } = await send('mia', 'POST', '/transfers', back);
    assert.match(String(body['detail']), /"vault" belongs to project beam7: only its members/);
  });

  test('jobs read their inputs there and return their outputs for those who may', async () => {
    const job = { app: 'analyze', project: 'demo' };
    const reads = { jobs: [{ ...job, inputs: { file: 'vault:/a.h5' } }] };
    assert.deepEqual(await answers('POST', '/jobs', reads), [422, 201, 201]);
    const inputs = { file: 'centre-scratch:/a.h5' };
    const returns = { jobs: [{ ...job, inputs, returnTo: 'vault:/b' }] };
    assert.deepEqual(await answers('POST', '/jobs', returns), [422, 422, 201]);
  });

  test('datasets are registered of files that one may read', async () => {
    const body = { title: 'a', kind: 'raw', project: 'demo', files: [{ location: 'vault:/a.h5' }] };
    assert.deepEqual(await answers('POST', '/datasets', body), [403, 201, 201]);
  });

  const at = 'vault:/a';
  const inputs: Record<string, { input: object; needs: 'read' | 'write' }> = {
    list: { input: { location: at }, needs: 'read' },
    stat: { input: { location: at }, needs: 'read' },
    mkdir: { input: { location: at }, needs: 'write' },
    delete: { input: { locations: ['centre-scratch:/a', at] }, needs: 'write' },
    ingest: { input: { title: 'a', kind: 'raw', files: [at] }, needs: 'read' },
    transfer: {
      input: { items: [{ source: 'centre-scratch:/a', destination: at }] },
      needs: 'write',
    },
    compute: { input: { app: 'analyze', inputs: { file: at } }, needs: 'read' },
  };

  for (const [action, { input, needs }] of Object.entries(inputs)) {
    test(`the action ${action} does as whom it acts for, who must ${needs}`, async () => {
      const run = async (name: string, project: string): Promise<boolean> => {
        const Act = { Type: 'Action', ActionUrl: `interpulse:${action}`, Parameters: input };
        const definition = { StartAt: 'Act', States: { Act: { ...Act, End: true } } };
        const flow = `${action}-${project}-${name}`;
        const saved = await send('vera', 'PUT', `/flows/${flow}`, { definition, project });
        assert.equal(saved.status, 200, JSON.stringify(saved.body));
        const started = await send(name, 'POST', '/flow-runs', { flow, input: {} });
        assert.equal(started.status, 201, JSON.stringify(started.body));
        const path = `/flow-runs/${String(started.body['id'])}`;
        const isWork = action === 'transfer' || action === 'compute';
        const seen = await until('its end, or its work', async () => {
          const flowRun = (await send(name, 'GET', path)).body['flowRun'] as FlowRun;
          return isWork || flowRun.endedAt !== null ? flowRun : undefined;
        });
        if (seen.status === 'FAILED') {
          assert.match(seen.reason ?? '', /belongs to project beam7/);
          return false;
        }
        assert.equal(seen.status, isWork ? 'ACTIVE' : 'SUCCEEDED', seen.reason ?? '');
        return true;
      };
      asked.length = 0;
      assert.equal(await run('mia', 'demo'), false);
      const ofVault = asked.filter((question) => JSON.stringify(question).includes('vault:'));
      assert.deepEqual(ofVault, [], 'the agent was not even asked');
      assert.deepEqual(
        asked.filter((each) => each.ask === 'deletePaths' && !each.checkOnly),
        [],
      );
      assert.equal(await run('rita', 'demo'), needs === 'read');
      assert.equal(await run('vera', 'demo'), true);
      assert.equal(await run('vera', 'beam7'), true);
    });
  }

  test('the action access says who may, to those who may themselves', async () => {
    const ask = async (grantee: string, may: string, name = 'vera', location = 'vault:/a') => {
      const Parameters = { location, grantee, may };
      const Act = { Type: 'Action', ActionUrl: 'interpulse:access', Parameters, End: true };
      const definition = { StartAt: 'Act', States: { Act } };
      await send('vera', 'PUT', '/flows/look', { definition, project: 'demo' });
      const { body } = await send(name, 'POST', '/flow-runs', { flow: 'look', input: {} });
      const path = `/flow-runs/${String(body['id'])}`;
      const { status, reason } = (await send(name, 'GET', path)).body['flowRun'] as FlowRun;
      return status === 'SUCCEEDED' ? 'yes' : reason;
    };
    for (const grantee of ['user:vera', 'user:rita', 'project:beam7']) {
      assert.equal(await ask(grantee, 'read'), 'yes', grantee);
    }
    assert.equal(await ask('user:vera', 'write'), 'yes');
    const missing = /user:rita may not write in collection "vault".*project beam7/;
    assert.match((await ask('user:rita', 'write')) ?? '', missing);
    for (const grantee of ['user:mia', 'project:demo', 'everyone']) {
      assert.match((await ask(grantee, 'read')) ?? '', /may not read.*add-member beam7/, grantee);
      assert.equal(await ask(grantee, 'read', 'mia', 'centre-scratch:/a'), 'yes', grantee);
    }
    assert.match((await ask('user:nobody', 'read')) ?? '', /there is no user:nobody/);
    const refused = /belongs to project beam7: only those who have a role/;
    assert.match((await ask('user:vera', 'read', 'mia')) ?? '', refused);
  });

  test('is everybody’s again when the site says so', async () => {
    const { project: _, ...open } = vault;
    state.collections = [scratch, open];
    await centre.restart();
    assert.deepEqual(await answers('GET', '/folder?location=vault:/'), [200, 200, 200]);
  });
});
