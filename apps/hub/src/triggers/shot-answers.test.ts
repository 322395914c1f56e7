import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { instrumentState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';

const at = new Date().toISOString();

const publishing = {
  StartAt: 'Publish',
  States: {
    Publish: {
      Type: 'Action',
      ActionUrl: 'interpulse:ingest',
      Parameters: { title: 'answer', kind: 'result', 'files.=': '[input.file]' },
      ResultPath: '$.published',
      End: true,
    },
  },
};
const failing = { StartAt: 'No', States: { No: { Type: 'Fail', Error: 'No', Cause: 'no' } } };
const asking = {
  StartAt: 'Rest',
  States: { Rest: { Type: 'Wait', Seconds: 3600, End: true } },
};

describe('several flows for one shot', () => {
  let hub: TestHub;
  let beamline: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    const state = instrumentState('tokamak', 60);
    beamline = new FakeAgent({ url: hub.url, ...(await hub.enrol('beamline')), state });
    await beamline.ready();
    for (const [name, definition] of Object.entries({ publishing, failing, asking })) {
      await hub.saveFlow(name, definition);
    }
  });
  after(async () => {
    beamline.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  /** A shot whose file starts these flows, in the order of the triggers' names. */
  async function shoot(shotNumber: number, flows: Record<string, string>): Promise<void> {
    for (const [name, flowName] of Object.entries(flows)) {
      const source = { kind: 'file', instrument: 'tokamak', pattern: `/${shotNumber}.h5` };
      const trigger = { source, flowName, project: 'demo', deadline: 'nextShot' };
      const saved = await hub.send('PUT', `/triggers/${name}-${shotNumber}`, trigger);
      assert.equal(saved.status, 200, JSON.stringify(saved.body));
    }
    const shot = { instrument: 'tokamak', shotNumber };
    await beamline.say({ type: 'shotTaken', ...shot, takenAt: at, nextShotAt: null });
    const path = `/${shotNumber}.h5`;
    const file = { path, sizeBytes: 1, modifiedAt: at, closedAt: at, metadata: {} };
    await beamline.say({ type: 'fileFinished', ...shot, ...file });
  }

  async function lookAt(shotNumber: number) {
    const { body } = await hub.send('GET', '/instruments/tokamak/timing?shots=9');
    type Timed = { number: number; outcome: string; flowRunId: string };
    const shot = (body['shots'] as Timed[]).find(({ number }) => number === shotNumber);
    assert.ok(shot);
    const { body: read } = await hub.send('GET', `/flow-runs/${shot.flowRunId}`);
    return [shot.outcome, (read['flowRun'] as { flowName: string }).flowName];
  }

  test('the one that publishes is the answer, wherever it stands among the triggers', async () => {
    await shoot(1, { a: 'publishing', b: 'failing', c: 'asking' });
    assert.deepEqual(await lookAt(1), ['hit', 'publishing']);
    await shoot(2, { a: 'failing', b: 'asking', c: 'publishing' });
    assert.deepEqual(await lookAt(2), ['hit', 'publishing']);
  });

  test('without an answer the first of the triggers is shown', async () => {
    await shoot(3, { a: 'asking', b: 'failing' });
    assert.deepEqual(await lookAt(3), ['pending', 'asking']);
  });

  test('a flow run that does another one again changes no answer', async () => {
    await shoot(4, { a: 'failing' });
    const { body } = await hub.send('GET', '/flow-runs?shot=4');
    const [failed] = body['items'] as { id: string }[];
    const definition = publishing;
    await hub.saveFlow('failing', definition);
    const rerun = { from: 'start', version: 'newest' };
    const redone = await hub.send('POST', `/flow-runs/${failed?.id}/rerun`, rerun);
    assert.equal(redone.status, 201, JSON.stringify(redone.body));
    assert.deepEqual(await lookAt(4), ['failed', 'failing']);
  });
});
