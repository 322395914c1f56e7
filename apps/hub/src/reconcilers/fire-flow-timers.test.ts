import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { addSeconds } from '@interpulse/domain/time.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { findFlowRun } from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { listDocumentSteps } from '@interpulse/store/flow-runs/read-flow-steps.ts';
import { lockFlowRun } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import { applyFlowEvent } from '../flow-runs/apply-flow-event.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { fireFlowTimers } from './fire-flow-timers.ts';

const waits = [3600, 3600, 3600, 7200];
const flows = {
  /** Four waits beside each other, of which three end together. */
  waits: {
    StartAt: 'All',
    States: {
      All: {
        Type: 'Parallel',
        Branches: waits.map((Seconds, n) => ({
          StartAt: `W${n}`,
          States: { [`W${n}`]: { Type: 'Wait', Seconds, End: true } },
        })),
        ResultPath: '$.all',
        Next: 'Rest',
      },
      Rest: { Type: 'Wait', Seconds: 3600, End: true },
    },
  },
  /** A job that nobody takes. */
  work: {
    StartAt: 'Work',
    States: {
      Work: {
        Type: 'Action',
        ActionUrl: 'interpulse:compute',
        Parameters: { app: 'bare' },
        WaitTime: 3600,
        ResultPath: '$.job',
        End: true,
      },
    },
  },
};

describe('timers of flow runs', () => {
  let hub: TestHub;
  let realNow: () => string;
  /** The clock is so far ahead, in seconds. */
  let aheadSeconds = 0;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    realNow = hub.hub.now;
    Object.assign(hub.hub, { now: () => addSeconds(realNow(), aheadSeconds) });
    await hub.saveApp('bare');
    for (const [name, definition] of Object.entries(flows)) {
      await hub.saveFlow(name, definition);
    }
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });
  beforeEach(() => {
    aheadSeconds = 0;
  });

  const start = (flow: string): Promise<string> => hub.startFlow(flow);
  const read = async (id: string) => {
    const run = await findFlowRun(hub.hub.db, id);
    const locked = await hub.hub.transaction((tx) => lockFlowRun(tx, id));
    assert.ok(run && locked);
    const steps = await listDocumentSteps(hub.hub.db, id);
    return {
      status: run.status,
      revision: locked.revision,
      reason: run.reason ?? '',
      steps: steps.map(({ stateName, status }) => `${stateName} ${status}`),
    };
  };
  const until = async (id: string, status: string): Promise<void> => {
    for (let round = 0; (await read(id)).status !== status && round < 20; round += 1) {
      await fireFlowTimers(hub.hub);
    }
    assert.equal((await read(id)).status, status);
  };

  test('all that are due of one flow run fire in one round, and are one turn', async () => {
    const id = await start('waits');
    assert.equal((await read(id)).revision, 1);
    aheadSeconds = 3605;
    await fireFlowTimers(hub.hub);
    const { revision, steps, status } = await read(id);
    assert.deepEqual([revision, status], [2, 'ACTIVE']);
    assert.equal(steps.filter((step) => step.endsWith('succeeded')).length, 3);
    await hub.send('POST', `/flow-runs/${id}/cancel`);
  });

  test('a clock that jumps back and forth loses none and doubles none', async () => {
    const id = await start('waits');
    for (const jump of [-86_400, 3605, -3600, 0, 3700]) {
      aheadSeconds = jump;
      await fireFlowTimers(hub.hub);
    }
    assert.equal((await read(id)).revision, 2, 'what is early changes nothing');
    aheadSeconds = 30 * 86_400;
    await fireFlowTimers(hub.hub);
    aheadSeconds = 0;
    await fireFlowTimers(hub.hub);
    assert.equal((await read(id)).status, 'ACTIVE');
    aheadSeconds = 60 * 86_400;
    await until(id, 'SUCCEEDED');
    const { steps } = await read(id);
    const names = ['All', 'All[0]/W0', 'All[1]/W1', 'All[2]/W2', 'All[3]/W3', 'Rest'];
    assert.equal(steps.length, names.length);
    assert.deepEqual(new Set(steps), new Set(names.map((name) => `${name} succeeded`)));
  });

  test('the time of an action runs on while a person is needed', async () => {
    const id = await start('work');
    const event = { kind: 'actionStalled', step: 1, reason: 'consent is needed' } as const;
    assert.ok(await hub.hub.transaction((tx) => applyFlowEvent(hub.hub, tx, id, event)));
    assert.equal((await read(id)).status, 'INACTIVE');
    aheadSeconds = 3605;
    await until(id, 'FAILED');
    assert.match((await read(id)).reason, /ActionTimeout/);
  });
});
