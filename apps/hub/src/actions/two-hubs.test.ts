import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { secondsBetween } from '@interpulse/domain/time.ts';
import { openDatabase } from '@interpulse/store/database.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { keptActions } from '@interpulse/store/action-runs/read-action-runs.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { computeState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const runs = 20;

describe('file actions with two hubs on one database', () => {
  let first: TestHub;
  let second: TestHub;
  let agent: FakeAgent;
  let agentAt: (hub: TestHub) => FakeAgent;
  /** How many folders the agent was asked to make. */
  let asked = 0;

  const answer = (question: Question): { message: Answer } => {
    if (question.ask !== 'makeFolder') {
      return { message: { answer: 'problem', kind: 'invalid', message: 'not asked here' } };
    }
    asked += 1;
    return { message: { answer: 'madeFolder', isNew: true } };
  };

  before(async () => {
    const db = await openTestDatabase();
    first = await startTestHub(db);
    second = await startTestHub(openDatabase(db.connection, { log: silentLog }));
    const identity = await first.enrol('centre');
    const state = computeState('centre');
    agentAt = ({ url }) => new FakeAgent({ url, ...identity, state, answer });
    agent = agentAt(second);
    await agent.ready();
    const Make = {
      Type: 'Action',
      ActionUrl: 'interpulse:mkdir',
      Parameters: { location: 'centre-scratch:/folder' },
      End: true,
    };
    const definition = { StartAt: 'Make', States: { Make } };
    await first.send('PUT', '/flows/make', { definition, project: 'demo' });
  });
  after(async () => {
    agent.vanish();
    for (const hub of [second, first]) {
      await hub.stop();
      await hub.hub.db.close();
    }
  });

  const start = (hub: TestHub): Promise<string> => hub.startFlow('make');
  /** How often its action was taken up, and how long it took. */
  const ended = (id: string): Promise<{ attempt: number; seconds: number }> =>
    until('the end of the flow run', async () => {
      const { body } = await first.send('GET', `/flow-runs/${id}`);
      const { status, startedAt, endedAt } = body['flowRun'] as Schemas['FlowRun'];
      if (endedAt === null) return undefined;
      assert.equal(status, 'SUCCEEDED');
      const attempt = (await keptActions(first.hub.db, id))[0]?.attempt ?? 0;
      return { attempt, seconds: secondsBetween(startedAt, endedAt) };
    });

  test('only the hub that has the session of the agent takes them up', async () => {
    const ids = await Promise.all(
      Array.from({ length: runs }, (_, index) => start(index % 2 === 0 ? first : second)),
    );
    const ends = await Promise.all(ids.map(ended));
    // After a second, another hub says why it still waits: that asks nobody.
    const hurried = ends.filter(({ attempt, seconds }) => attempt !== 1 && seconds < 1);
    assert.deepEqual(hurried, []);
    assert.equal(asked, runs);
  });

  test('one that waits for the agent goes on at whichever hub it comes to', async () => {
    agent.vanish();
    await until('the end of the session', async () => second.sessions.connected().length === 0);
    const id = await start(second);
    await until('a reason', async () => {
      const [kept] = await keptActions(first.hub.db, id);
      return kept?.lastError?.includes('agent of site centre') && kept.lease === null;
    });
    const before = (await keptActions(first.hub.db, id))[0]?.attempt ?? 0;
    agent = agentAt(first);
    await agent.ready();
    assert.equal((await ended(id)).attempt, before + 1);
  });
});
