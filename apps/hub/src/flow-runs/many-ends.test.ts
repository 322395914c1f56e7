import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Database } from '@interpulse/store/database.ts';
import type { Transaction } from '@interpulse/store/executor.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { analyzeApp } from '../testing/analyze-flow.ts';
import { computeState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const flowRuns = 60;
const [refused, broken, canceled] = [13, 37, 52];

const action = (app: object, end: object) => ({
  Type: 'Action',
  ActionUrl: 'interpulse:compute',
  Parameters: { ...app, inputs: { file: 'centre-scratch:/a.h5' } },
  ResultPath: '$.Done',
  ...end,
});
const definition = {
  StartAt: 'Work',
  States: {
    Work: action({ app: 'analyze' }, { Next: 'Plot' }),
    Plot: action({ 'app.$': '$.next' }, { End: true }),
  },
};

/** The same database, with what its transactions were asked counted. */
function counted(db: Database, count: () => void): Database {
  const counting = (tx: Transaction): Transaction => {
    const run = async (...asked: Parameters<Transaction['run']>): Promise<unknown> => {
      count();
      return tx.run(...asked);
    };
    const query = async (text: string, values?: readonly unknown[]): Promise<unknown> => {
      count();
      return tx.query(text, values);
    };
    return Object.create(tx, { run: { value: run }, query: { value: query } });
  };
  const transaction: Database['transaction'] = (work, options) =>
    db.transaction((tx) => work(counting(tx)), options);
  return { ...db, transaction };
}

/** What became of flow runs, without what differs from one to the next. */
async function outcomes({ admin }: TestHub, ids: readonly string[]) {
  const read = (flowRunId: string) =>
    unwrap(admin.GET('/api/v1/flow-runs/{flowRunId}', { params: { path: { flowRunId } } }));
  return Promise.all(
    ids.map(async (id) => {
      const { flowRun, steps } = await read(id);
      const { status, stepsDone } = flowRun;
      const reason = flowRun.reason?.replaceAll(/20[\d-]+T[\d:.]+Z/g, 'then');
      const told = steps.map((step) => [step.stateName, step.status, step.provider]);
      return { status, reason, stepsDone, steps: told };
    }),
  );
}

describe('ends of many flow runs in one message', () => {
  let hub: TestHub;
  let agent: FakeAgent;
  let statements = 0;

  before(async () => {
    const db = await openTestDatabase();
    hub = await startTestHub(counted(db, () => (statements += 1)));
    await analyzeApp(hub);
    const options = { state: computeState('centre'), pilotCores: 4 * flowRuns };
    agent = new FakeAgent({ url: hub.url, ...(await hub.enrol('centre')), ...options });
    await agent.ready();
    for (const flow of ['work', 'broken']) {
      await hub.saveFlow(flow, definition);
    }
  });
  after(async () => {
    agent.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const read = (flowRunId: string) =>
    unwrap(hub.admin.GET('/api/v1/flow-runs/{flowRunId}', { params: { path: { flowRunId } } }));
  const jobOf = async (flowRunId: string) => {
    const query = { flowRun: flowRunId };
    const { items } = await unwrap(hub.admin.GET('/api/v1/jobs', { params: { query } }));
    return items[0]?.id ?? '';
  };

  /** Flow runs whose jobs are all with the agent, and the reports of the jobs' ends. */
  async function underWay(flowOf: (place: number) => string) {
    const ids: string[] = [];
    const reports: JobReport[] = [];
    for (let place = 0; place < flowRuns; place += 1) {
      const input = { next: place === refused ? 'no-such-app' : 'analyze' };
      const id = await hub.startFlow(flowOf(place), input);
      const job = await jobOf(id);
      const lease = await until('a lease', () =>
        Promise.resolve([...agent.leases.values()].find(({ jobId }) => jobId === job)),
      );
      ids.push(id);
      reports.push(agent.report(lease, 'completed'));
    }
    const end = { reason: 'not wanted' };
    const sent = await hub.send('POST', `/flow-runs/${ids[canceled]}/cancel`, end);
    assert.ok(sent.status < 300, JSON.stringify(sent.body));
    return { ids, reports };
  }

  test('each goes on as if it came alone, for few statements', async () => {
    const alone = await underWay(() => 'work');
    for (const report of alone.reports) await agent.sayJobs(report);
    const together = await underWay(() => 'work');
    statements = 0;
    await agent.sayJobs(...together.reports);
    assert.ok(statements < flowRuns * 3, `${statements} statements`);
    const results = await outcomes(hub, together.ids);
    assert.deepEqual(results, await outcomes(hub, alone.ids));
    const [plain, ...others] = results.filter((_, n) => n !== refused && n !== canceled);
    assert.deepEqual(
      plain?.steps.map(([name, status]) => `${name} ${status}`),
      ['Work succeeded', 'Plot active'],
    );
    for (const other of others) assert.deepEqual(other, plain);
    assert.equal(results[refused]?.status, 'FAILED');
    assert.match(results[refused]?.reason ?? '', /no-such-app/);
    assert.equal(results[canceled]?.status, 'ENDED');
  });

  test('one that cannot be read holds up no other', async (t) => {
    const { ids, reports } = await underWay((place) => (place === broken ? 'broken' : 'work'));
    const { definitions } = hub.hub;
    const get = definitions.get.bind(definitions);
    const mock = t.mock.method(definitions, 'get', (...asked: Parameters<typeof get>) => {
      const isTurn = asked[2] !== undefined && asked[2] !== hub.hub.db;
      if (isTurn && asked[0] === 'broken') throw new TypeError('nobody thought of this');
      return get(...asked);
    });
    // It cannot be acknowledged, and comes again; what went on goes on once.
    agent.sayJobs(...reports).catch(() => undefined);
    const allOthers = async (): Promise<boolean> => {
      const stuck = (await outcomes(hub, ids)).filter(({ status, steps }) => {
        return status === 'ACTIVE' && steps.length < 2;
      });
      return stuck.length === 1;
    };
    await until('the others went on', allOthers);
    mock.mock.restore();
    // What it waited for is told again, and it goes on as the others did.
    await until('it went on', async () => (await read(ids[broken] ?? '')).steps.length === 2);
    const results = await outcomes(hub, ids);
    for (const [place, { steps }] of results.entries()) {
      if (place !== refused && place !== canceled) assert.deepEqual(steps, results[0]?.steps);
    }
  });
});
