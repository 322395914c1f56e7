import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addSeconds } from '@interpulse/domain/time.ts';
import { silenceSites } from '@interpulse/store/sites/watch-sites.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { computeState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { noteConnected } from './note-connected.ts';

describe('agents that are connected', () => {
  let hub: TestHub;
  let siteId: string;
  let agent: FakeAgent | undefined;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
  });
  after(async () => {
    agent?.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  /** Looks once, while the site is silent; the sites that were told to begin anew. */
  const forgotten = async (saidState: boolean): Promise<string[]> => {
    await silenceSites(hub.hub.db, addSeconds(hub.hub.now(), 60));
    const found: string[] = [];
    await noteConnected(hub.hub, {
      connected: () => [siteId],
      hasSaidState: () => saidState,
      forget: (site) => void found.push(site),
    });
    return found;
  };

  test('of a silent site say their state anew, but not while it is on its way', async () => {
    const state = computeState('centre');
    agent = new FakeAgent({ url: hub.url, ...(await hub.enrol('centre')), state });
    await agent.ready();
    siteId = hub.sessions.connected()[0] ?? assert.fail('no agent is connected');
    assert.equal(hub.sessions.hasSaidState(siteId), true);
    assert.deepEqual(await forgotten(true), [siteId]);
    assert.deepEqual(await forgotten(false), []);
  });
});
