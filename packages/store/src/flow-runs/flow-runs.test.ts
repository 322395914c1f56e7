import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { FlowLogLine } from '@interpulse/domain/flow/flow-progress.ts';
import { newFlowCore } from '@interpulse/domain/flow/flow-view.ts';
import type { FlowRunId } from '@interpulse/domain/id.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { addJobs, at, newTestId } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { listEvents } from '../events/list-events.ts';
import { findFlow, findFlowVersion, listFlows, saveFlow } from '../flows/flows.ts';
import { cancelOpenJobs } from '../jobs/cancel-jobs.ts';
import { findFlowRun, listFlowLog, readFlowDocuments } from './read-flow-runs.ts';
import { listDocumentSteps } from './read-flow-steps.ts';
import { listFlowRuns } from './list-flow-runs.ts';
import { dueFlowTimers, nextFlowTimerAt } from './flow-timers.ts';
import {
  insertFlowRun,
  saveProgress,
  stepRefs,
  unnoticedSteps,
  type NewFlowRun,
  type ProgressChange,
  type StepChange,
} from './write-flow-runs.ts';
import { lockFlowRun } from './lock-flow-runs.ts';

const seesDemo = { projects: ['demo'], grantees: [] };
const seesAll = { projects: null, grantees: [] };

async function startRun(db: Database, fields: Partial<NewFlowRun>): Promise<FlowRunId> {
  const run: NewFlowRun = {
    id: newTestId('flowrun'),
    flowName: 'flow',
    flowVersion: 1,
    label: '',
    project: 'demo',
    ownerId: 'user_1',
    urgency: 'urgent',
    deadlineAt: at(60),
    instrument: null,
    shotNumber: null,
    datasetId: null,
    tags: {},
    input: { input: { a: 1 } },
    core: newFlowCore(),
    stepsTotal: 2,
    ...fields,
  };
  await insertFlowRun(db, run, at(0));
  return run.id;
}

function line(text: string): FlowLogLine {
  return { at: at(1), step: 1, code: 'ActionStarted', description: text, details: {} };
}

function stepOf(fields: Partial<StepChange> = {}): StepChange {
  return {
    sequence: 1,
    stateName: 'A',
    stateType: 'Action',
    status: 'active',
    provider: 'compute',
    jobId: null,
    ensembleId: null,
    transferId: null,
    input: { x: 1 },
    result: null,
    reason: null,
    startedAt: at(1),
    endedAt: null,
    ...fields,
  };
}

function changeOf(id: FlowRunId, fields: Partial<ProgressChange>): ProgressChange {
  return {
    id,
    project: 'demo',
    flowName: 'flow',
    revision: 1,
    core: newFlowCore(),
    data: null,
    dataBefore: null,
    stateName: 'A',
    reason: null,
    wakeAt: null,
    stepsDone: 0,
    resultDatasetId: null,
    steps: [],
    log: [],
    at: at(1),
    ...fields,
  };
}

withDatabases('flows and their runs', (openFresh) => {
  let db: Database;
  before(async () => {
    db = await openFresh();
  });

  const start = (fields: Partial<NewFlowRun> = {}) => startRun(db, fields);
  const save = (id: FlowRunId, revision: number, fields: Partial<ProgressChange> = {}) =>
    saveProgress(db, [{ ...changeOf(id, fields), revision }]);

  test('each save of a flow is a version, the same again is none', async () => {
    const flow = {
      id: newTestId('flow'),
      name: 'saved',
      title: 'A flow',
      description: '',
      definition: { StartAt: 'A' },
      inputSchema: {},
      project: 'demo',
      ownerId: 'user_1',
    };
    assert.equal(await saveFlow(db, flow, at(0)), 1);
    assert.equal(await saveFlow(db, flow, at(1)), 1);
    assert.equal(await saveFlow(db, { ...flow, definition: { StartAt: 'B' } }, at(2)), 2);
    assert.equal((await findFlow(db, 'saved'))?.version, 2);
    assert.deepEqual((await findFlowVersion(db, 'saved', 1))?.definition, { StartAt: 'A' });
    assert.equal(await findFlow(db, 'none'), undefined);
    // The order of keys is the author's: a form shows its fields in it.
    const inputSchema = { properties: { zeta: {}, b: {}, alpha: {} } };
    const ordered = { ...flow, name: 'ordered', id: newTestId('flow'), inputSchema };
    await saveFlow(db, ordered, at(0));
    const kept = (await findFlow(db, 'ordered'))?.inputSchema['properties'];
    assert.deepEqual(Object.keys(kept as object), ['zeta', 'b', 'alpha']);
    const moved = { properties: { b: {}, zeta: {}, alpha: {} } };
    assert.equal(await saveFlow(db, { ...ordered, inputSchema: moved }, at(1)), 2);
    const both = [1, 2].map((number) =>
      db.transaction((tx) => saveFlow(tx, { ...flow, definition: { number } }, at(3))),
    );
    assert.deepEqual(new Set(await Promise.all(both)), new Set([3, 4]));
    assert.deepEqual(
      (await listFlows(db, { ...seesDemo, archived: false, limit: 5 })).map(({ name }) => name),
      ['ordered', 'saved'],
    );
    const other = { projects: ['other'], grantees: [], archived: false, limit: 5 };
    assert.deepEqual(await listFlows(db, other), []);
  });

  test('a page of long lines ends where it has enough bytes, and tells of more', async () => {
    const id = await start({});
    const sizes = [9_000_000, ...Array.from({ length: 10 }, () => 1_000_000), 10];
    const log = sizes.map((size, n) => ({
      ...line(`line ${n}`),
      details: { value: 'x'.repeat(size) },
    }));
    await save(id, 1, { log });
    for (const newestFirst of [false, true]) {
      const pages: number[] = [];
      const seen: string[] = [];
      let after: number | undefined;
      for (let hasMore = true; hasMore;) {
        const part = await listFlowLog(db, id, { after, newestFirst, limit: 20 });
        pages.push(part.lines.length);
        seen.push(...part.lines.map(({ description }) => description));
        after = part.lines.at(-1)?.sequence;
        hasMore = part.hasMore;
      }
      assert.deepEqual(pages, newestFirst ? [5, 4, 2, 1] : [1, 4, 4, 3]);
      const inOrder = log.map(({ description }) => description);
      assert.deepEqual(seen, newestFirst ? inOrder.toReversed() : inOrder);
    }
    const few = await listFlowLog(db, id, { newestFirst: true, limit: 1 });
    assert.deepEqual([few.lines.length, few.hasMore], [1, true]);
  });

  test('a run keeps its steps, its log in order and its documents', async () => {
    const id = await start({ label: 'shot 7', instrument: 'tokamak' });
    const many = Array.from({ length: 2500 }, (_, index) => line(`first ${index}`));
    await save(id, 1, { steps: [stepOf()], log: many, wakeAt: at(30) });
    const end = stepOf({ status: 'succeeded', result: { y: 2 }, endedAt: at(5) });
    await save(id, 2, { steps: [end], log: [line('second')], stepsDone: 1 });
    const [step] = await listDocumentSteps(db, id);
    assert.deepEqual(
      [step?.status, step?.input, step?.result, step?.endedAt],
      ['succeeded', { x: 1 }, { y: 2 }, at(5)],
    );
    const { lines: log } = await listFlowLog(db, id, { newestFirst: false, limit: 5000 });
    assert.equal(log.length, 2501);
    assert.equal(log.at(-1)?.description, 'second');
    assert.deepEqual(
      log.slice(0, 2).map(({ description }) => description),
      ['first 0', 'first 1'],
    );
    const after = log[2499]?.sequence ?? 0;
    const last = { after, newestFirst: false, limit: 5 };
    assert.equal((await listFlowLog(db, id, last)).lines.length, 1);
    const { lines: back } = await listFlowLog(db, id, { after, newestFirst: true, limit: 2 });
    assert.deepEqual(
      back.map(({ description }) => description),
      ['first 2498', 'first 2497'],
    );
    assert.deepEqual((await readFlowDocuments(db, id)).input, { input: { a: 1 } });
    assert.equal((await lockFlowRun(db, id))?.revision, 2);
    const run = await findFlowRun(db, id);
    assert.deepEqual([run?.stepsDone, run?.urgency, run?.status], [1, 'urgent', 'ACTIVE']);
    const events = await listEvents(db, { projects: null, flowRunId: id, limit: 9 });
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['flowRun.advanced', 'flowRun.advanced'],
    );
  });

  test('the quick filters find what they say', async () => {
    const waiting = await start({ label: 'waiting' });
    const running = await start({ label: 'running' });
    const [queued, active] = await addJobs(db, {}, {});
    await save(waiting, 1, { steps: [stepOf({ jobId: queued?.id ?? null })] });
    await save(running, 1, { steps: [stepOf({ jobId: active?.id ?? null })] });
    await cancelOpenJobs(db, [active?.id ?? ''], { at: at(1), actor: null, reason: 'x' });
    const failed = await start({ label: 'failed' });
    const core = { ...newFlowCore(), status: 'FAILED' as const, endedAt: at(9) };
    await save(failed, 1, { core });
    const found = async (filter: 'all' | 'active' | 'waiting' | 'failed' | 'completed') =>
      (await listFlowRuns(db, { ...seesDemo, filter, label: 'ING', limit: 9 })).map(
        ({ label }) => label,
      );
    assert.deepEqual(await found('active'), ['running', 'waiting']);
    assert.deepEqual(await found('waiting'), ['waiting']);
    assert.deepEqual(await found('completed'), []);
    const ended = await listFlowRuns(db, { ...seesAll, filter: 'failed', limit: 9 });
    assert.deepEqual(
      ended.map(({ id, endedAt }) => [id, endedAt]),
      [[failed, at(9)]],
    );
    assert.deepEqual(await unnoticedSteps(db, 9), [
      { flowRunId: running, sequence: 1, jobId: active?.id, transferId: null },
    ]);
    assert.deepEqual(await stepRefs(db, running, [1, 2]), [
      { step: 1, jobId: active?.id, ensembleId: null, transferId: null },
    ]);
  });

  test('timers are found when they are due', async () => {
    const id = await start();
    await save(id, 1, { wakeAt: at(100) });
    assert.equal(await nextFlowTimerAt(db), at(100));
    assert.deepEqual(await dueFlowTimers(db, at(99), 9), []);
    assert.deepEqual(await dueFlowTimers(db, at(100), 9), [{ flowRunId: id, step: null }]);
  });
});
