import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addSeconds } from '@interpulse/domain/time.ts';
import { claimActionRuns } from '@interpulse/store/action-runs/claim-action-runs.ts';
import { keptActions } from '@interpulse/store/action-runs/read-action-runs.ts';
import { findFlow } from '@interpulse/store/flows/flows.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startFlowRun } from '../flow-runs/start-flow-run.ts';
import {
  startFakeProvider,
  statusOf,
  type Answer,
  type FakeProvider,
} from '../providers/fake-provider.fixture.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

describe('actions carried out by hubs that come and go', () => {
  let hub: TestHub;
  let provider: FakeProvider;
  let answer: Answer;

  const config = () => {
    const one = { url: provider.url, allowHttp: false, monitorBy: [], manageBy: [] };
    return { providers: [one] };
  };
  before(async () => {
    provider = await startFakeProvider(() => answer);
    hub = await startTestHub(await openTestDatabase(), config());
    const Ask = { Type: 'Action', ActionUrl: provider.url, Parameters: {}, End: true };
    const definition = { StartAt: 'Ask', States: { Ask } };
    await hub.saveFlow('outside', definition);
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
    await provider.close();
  });

  const ended = async (id: string) =>
    until('the end of the flow run', async () => {
      const { body } = await hub.send('GET', `/flow-runs/${id}`);
      const run = body['flowRun'] as { status: string; endedAt: string | null };
      return run.endedAt === null ? undefined : run.status;
    });

  test('of a hub that was killed in the middle another one takes over', async () => {
    answer = { status: 200, json: statusOf('SUCCEEDED') };
    provider.asked.splice(0);
    const id = hub.hub.newId('flowrun');
    const flow = (await findFlow(hub.hub.db, 'outside')) ?? assert.fail('no flow');
    // Claimed before anybody else sees it, by a hub of which nothing is heard any more.
    await hub.hub.transaction(async (tx) => {
      await startFlowRun(hub.hub, tx, {
        id,
        flow,
        input: {},
        label: '',
        urgency: 'normal',
        deadlineAt: null,
        tags: {},
        project: 'demo',
        owner: { id: flow.ownerId, name: 'admin' },
        instrument: null,
        shotNumber: null,
        datasetId: null,
      });
      const now = hub.hub.now();
      const more = { leasedUntil: addSeconds(now, 60), holder: 7, sites: [] };
      const lease = { now, limit: 10, lease: 'dead', ...more };
      assert.equal((await claimActionRuns(tx, lease)).length, 1);
    });
    assert.equal((await keptActions(hub.hub.db, id))[0]?.lease, 'dead');
    assert.equal(await ended(id), 'SUCCEEDED');
    assert.equal(provider.to('/run').length, 1);
    // The action is released at its provider after its step has ended, and then emptied.
    await until('nothing of it is kept', async () => {
      const [kept] = await keptActions(hub.hub.db, id);
      return kept?.request['body'] === undefined ? true : undefined;
    });
  });

  test('a hub that ends gives back what is under way, and the next asks the same', async () => {
    answer = undefined;
    provider.asked.splice(0);
    const id = await hub.startFlow('outside');
    await until('the question that is not answered', async () => provider.to('/run').length === 1);
    await hub.stop();
    const [kept] = await keptActions(hub.hub.db, id);
    assert.deepEqual([kept?.status, kept?.lease], ['active', null]);
    answer = { status: 200, json: statusOf('SUCCEEDED') };
    hub = await startTestHub(hub.hub.db, config());
    const run = await until('the end', async () => {
      const [action] = await keptActions(hub.hub.db, id);
      return action?.status === 'ended' ? action : undefined;
    });
    assert.equal(run.status, 'ended');
    const asked = provider.to('/run').map(({ body: said }) => JSON.stringify(said));
    assert.deepEqual([asked.length, new Set(asked).size], [2, 1]);
  });
});
