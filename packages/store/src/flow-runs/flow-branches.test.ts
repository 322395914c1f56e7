import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { newFlowCore, type BranchRow } from '@interpulse/domain/flow/flow-view.ts';
import type { FlowRunId } from '@interpulse/domain/id.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { at, newTestId } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { allBranches, branchesAround, neededBranches, saveBranches } from './flow-branches.ts';
import { dueFlowTimers, moveFlowTimer, nextFlowTimerAt } from './flow-timers.ts';
import { insertFlowRun, saveProgress } from './write-flow-runs.ts';
import { lockFlowRun, lockFlowRuns, withDocuments } from './lock-flow-runs.ts';

function rowOf(fields: Partial<BranchRow>): BranchRow {
  const { parentStep = 1, index = 0, step = 2 } = fields;
  const path = ['Each', index];
  const place = { path, state: 'Work', step: step ?? 0, enteredAt: at(1), retries: [], wait: null };
  return {
    parentStep,
    index,
    step,
    ancestors: [parentStep],
    wakeAt: null,
    needsPerson: false,
    branch: step === null ? null : place,
    data: { n: index },
    privatePaths: [],
    sizeBytes: 9,
    ...fields,
  };
}

withDatabases('branches of flow runs', (openFresh) => {
  let db: Database;
  before(async () => {
    db = await openFresh();
  });

  async function start(): Promise<FlowRunId> {
    const id = newTestId('flowrun');
    const origin = { project: 'demo', ownerId: 'user_1', urgency: 'normal' as const, label: '' };
    const flow = { flowName: 'flow', flowVersion: 1, stepsTotal: 1, tags: {}, input: {} };
    const none = { deadlineAt: null, instrument: null, shotNumber: null, datasetId: null };
    await insertFlowRun(db, { id, ...flow, ...origin, ...none, core: newFlowCore() }, at(0));
    return id;
  }
  const stepsOf = (rows: readonly BranchRow[]) =>
    rows.map(({ step }) => step ?? 0).toSorted((one, other) => one - other);

  test('rows come back as they were written, with what they left and without', async () => {
    const id = await start();
    const rows = [
      rowOf({ index: 0, step: 2, wakeAt: at(50), privatePaths: [['secret', 0]] }),
      rowOf({ index: 1, step: null, data: { n: 'left' } }),
    ];
    await saveBranches(db, [{ flowRunId: id, closed: [], rows }]);
    const byIndex = (a: BranchRow, b: BranchRow): number => a.index - b.index;
    assert.deepEqual((await allBranches(db, id)).toSorted(byIndex), rows);
    // A change without a document leaves it as it was.
    const moved = rowOf({ index: 0, step: 9, data: null });
    await saveBranches(db, [{ flowRunId: id, closed: [], rows: [moved] }]);
    const [first] = (await allBranches(db, id)).toSorted(byIndex);
    assert.deepEqual(first, { ...moved, data: { n: 0 } });
  });

  test('what an event concerns is read, and what it needs besides', async () => {
    const id = await start();
    const rows = [
      rowOf({ index: 0, step: 2 }),
      rowOf({ index: 1, step: 3 }),
      rowOf({ index: 2, step: 4, needsPerson: true }),
      rowOf({ index: 3, step: null }),
      rowOf({ parentStep: 3, index: 0, step: 5, ancestors: [1, 3] }),
      rowOf({ parentStep: 3, index: 1, step: null, ancestors: [1, 3] }),
    ];
    await saveBranches(db, [{ flowRunId: id, closed: [], rows }]);
    await saveBranches(db, [{ flowRunId: await start(), closed: [], rows }]);
    assert.deepEqual(stepsOf(await branchesAround(db, id, [5], false)), [3, 5]);
    assert.deepEqual(stepsOf(await branchesAround(db, id, [2], true)), [2, 4]);
    assert.deepEqual(stepsOf(await branchesAround(db, id, [77], false)), []);
    assert.deepEqual(stepsOf(await neededBranches(db, id, { inside: 3 })), [5]);
    assert.deepEqual(stepsOf(await neededBranches(db, id, { inside: null })), [2, 3, 4, 5]);
    const left = await neededBranches(db, id, { resultsOf: 3 });
    assert.deepEqual(
      left.map(({ parentStep, index }) => [parentStep, index]),
      [[3, 1]],
    );
    await saveBranches(db, [{ flowRunId: id, closed: [3], rows: [] }]);
    assert.equal((await allBranches(db, id)).length, 4);
  });

  test('timers of branches and of flow runs are due in their order', async () => {
    const fresh = await openFresh();
    db = fresh;
    const [one, other] = [await start(), await start()];
    const rows = [rowOf({ step: 2, wakeAt: at(30) }), rowOf({ index: 1, step: 3, wakeAt: at(90) })];
    await saveBranches(db, [{ flowRunId: one, closed: [], rows }]);
    await moveFlowTimer(db, other, at(40));
    assert.equal(await nextFlowTimerAt(db), at(30));
    assert.deepEqual(await dueFlowTimers(db, at(29), 9), []);
    assert.deepEqual(await dueFlowTimers(db, at(40), 9), [
      { flowRunId: one, step: 2 },
      { flowRunId: other, step: null },
    ]);
    assert.deepEqual(await dueFlowTimers(db, at(99), 1), [{ flowRunId: one, step: 2 }]);
    await moveFlowTimer(db, other, null);
    await saveBranches(db, [{ flowRunId: one, closed: [1], rows: [] }]);
    assert.equal(await nextFlowTimerAt(db), null);
  });

  test('a document is written when it changed, and read when it is not known', async () => {
    const id = await start();
    const facts = { project: 'demo', flowName: 'flow', stateName: 'A', reason: null, at: at(1) };
    const nothing = { stepsDone: 0, resultDatasetId: null, dataBefore: null, steps: [], log: [] };
    const change = { id, ...facts, ...nothing, core: newFlowCore(), wakeAt: at(50) };
    await saveProgress(db, [{ ...change, data: { a: 1 }, revision: 1 }]);
    await saveProgress(db, [{ ...change, data: null, wakeAt: at(60), revision: 2 }]);
    const read = await lockFlowRun(db, id);
    assert.deepEqual([read?.revision, read?.dataRevision, read?.data], [2, 1, { a: 1 }]);
    const known = { revision: 1, data: { known: true } };
    const found = await lockFlowRuns(db, [id]);
    const [run] = await withDocuments(db, found, () => known);
    assert.deepEqual(run?.data, { known: true });
    const [other] = await withDocuments(db, found, () => ({ ...known, revision: 2 }));
    assert.deepEqual(other?.data, { a: 1 });
    const large = { text: Array.from({ length: 3000 }, (_, n) => n) };
    await saveProgress(db, [{ ...change, data: large, wakeAt: at(60), revision: 3 }]);
    assert.deepEqual((await lockFlowRun(db, id))?.data, large);
    // Early enough is left as it is; see `ProgressChange.wakeAt`.
    assert.equal(await nextFlowTimerAt(db), at(50));
    await saveProgress(db, [{ ...change, data: null, wakeAt: at(45), revision: 4 }]);
    assert.equal(await nextFlowTimerAt(db), at(45));
    await saveProgress(db, [{ ...change, data: null, wakeAt: null, revision: 5 }]);
    assert.equal(await nextFlowTimerAt(db), null);
  });

  test('a document of which only changes are written is as if written whole', async () => {
    const facts = { project: 'demo', flowName: 'flow', stateName: 'A', reason: null, at: at(1) };
    const nothing = { stepsDone: 0, resultDatasetId: null, steps: [], log: [], wakeAt: null };
    const members = fc.dictionary(
      fc.constantFrom('a', 'b', '__proto__', 'input'),
      fc.jsonValue({ maxDepth: 2 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(members, { minLength: 1, maxLength: 5 }), async (documents) => {
        const id = await start();
        let dataBefore: JsonObject = {};
        for (const [index, drawn] of documents.entries()) {
          // Members that stay are the same values, as where a result is written into a document.
          const kept = index % 3 === 2 ? [] : Object.entries(dataBefore);
          const added = Object.entries(JSON.parse(JSON.stringify(drawn)) as JsonObject);
          const data: JsonObject = Object.fromEntries([...kept, ...added]);
          const change = { id, ...facts, ...nothing, core: newFlowCore(), data, dataBefore };
          await saveProgress(db, [{ ...change, revision: index + 1 }]);
          const read = await lockFlowRun(db, id);
          assert.deepEqual([read?.data, read?.dataRevision], [data, index + 1]);
          dataBefore = data;
        }
      }),
      { numRuns: 40 },
    );
  });
});
