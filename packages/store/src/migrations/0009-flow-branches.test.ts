import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowView } from '@interpulse/domain/flow/flow-view.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { allBranches } from '../flow-runs/flow-branches.ts';
import { lockFlowRun } from '../flow-runs/lock-flow-runs.ts';
import { jsonb } from '../jsonb.ts';
import { migrate } from '../migrate.ts';
import { migrations } from './migrations.ts';

const at = '2026-11-21T12:00:00.000Z';
const facts = { enteredAt: at, retries: [], path: [] };
const scope = { privatePaths: [], sizeBytes: 7 };
const action = { kind: 'action', timeoutAt: at, waitTimeSeconds: 60, provider: 'interpulse:x' };

/** A Map in a branch of a Parallel, of whose three items one has ended and one is under way. */
const branches = [
  {
    ...{ ...facts, state: 'Both', step: 1 },
    wait: { kind: 'branches', total: 1, started: 1, ended: 0, mostAtOnce: 1, results: [null] },
  },
  {
    ...{ ...facts, path: ['Both', 0], state: 'Each', step: 2 },
    inner: { ...scope, parentStep: 1, index: 0, data: { n: 0 } },
    wait: {
      ...{ kind: 'branches', total: 3, started: 2, ended: 1, mostAtOnce: 1, resultBytes: 7 },
      results: [{ n: 1 }, null, null],
      privatePaths: [[0, 'secret']],
    },
  },
  {
    ...{ ...facts, path: ['Both', 0, 'Each', 1], state: 'Work', step: 4 },
    inner: { ...scope, parentStep: 2, index: 1, data: { n: 2 } },
    wait: { ...action, stalled: 'consent' },
  },
];
const progress = { status: 'INACTIVE', startedAt: at, endedAt: null, context: {}, stepSequence: 4 };
const rest = { privatePaths: [], visits: {}, failure: null, canceled: null };

withDatabases('flow runs from before their branches were rows', (openFresh) => {
  test('are taken over, with what is under way and with what has ended', async () => {
    const database = await openFresh();
    await database.query('drop schema public cascade; create schema public');
    const old = Object.entries(migrations).filter(([name]) => name < '0009');
    await migrate(database, Object.fromEntries(old));
    const insert = `insert into flow_runs (id, flow_name, flow_version, label, project, owner_id,
        status, urgency, input, run, started_at, ended_at)
      values ($1, 'f', 1, '', 'demo', 'user_1', 'ACTIVE', 1, '{}', $2::jsonb, $3, $4)`;
    const open = { ...progress, ...rest, branches, data: { big: [1, 2] } };
    await database.query(insert, ['flowrun_open', jsonb(open), at, null]);
    const over = { ...open, endedAt: at, status: 'SUCCEEDED', branches: [], data: { end: true } };
    await database.query(insert, ['flowrun_over', jsonb(over), at, at]);
    await migrate(database);
    assert.deepEqual((await lockFlowRun(database, 'flowrun_over'))?.data, { end: true });
    const run = await lockFlowRun(database, 'flowrun_open');
    assert.ok(run);
    assert.deepEqual(run.data, { big: [1, 2] });
    assert.deepEqual(run.core.counts, { open: 3, waitForPeople: 1, sizeBytes: 21 });
    const rows = await allBranches(database, 'flowrun_open');
    const view = new FlowView(run.core, run.data);
    view.add(rows);
    const { branches: read, results } = view.progress;
    assert.deepEqual(
      new Map(read.map(({ step, inner }) => [step, inner?.data])),
      new Map([1, 2, 4].map((step) => [step, step === 1 ? undefined : { n: step - 2 }])),
    );
    assert.deepEqual(
      results.map(({ parentStep, index, data, privatePaths }) => [
        ...[parentStep, index, data, privatePaths],
      ]),
      [[2, 0, { n: 1 }, [['secret']]]],
    );
    const work = rows.find(({ step }) => step === 4);
    assert.deepEqual([work?.ancestors, work?.wakeAt, work?.needsPerson], [[1, 2], at, true]);
    assert.deepEqual(view.changes(), { closed: [], rows: [] });
  });
});
