import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import { newFlowCore } from '@interpulse/domain/flow/flow-view.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { at, newTestId } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { countItems, countStates } from './count-flow-steps.ts';
import { findFlowStep, listDocumentSteps, listStepPage } from './read-flow-steps.ts';
import { insertFlowRun } from './write-flow-runs.ts';

const most = flowLimits.documentSteps;

/** A flow run with these steps: names, how they ended, what they gave. */
async function runWith(
  db: Database,
  steps: readonly { name: string; status?: string; result?: unknown }[],
): Promise<string> {
  const id = newTestId('flowrun');
  const flow = { flowName: 'flow', flowVersion: 1, stepsTotal: 1, tags: {}, input: {} };
  const facts = { label: '', project: 'demo', ownerId: 'user_1', urgency: 'normal' as const };
  const nothing = { deadlineAt: null, instrument: null, shotNumber: null, datasetId: null };
  await insertFlowRun(db, { id, ...flow, ...facts, ...nothing, core: newFlowCore() }, at(0));
  const rows = steps.map(({ name, status = 'succeeded', result = null }) => ({
    name,
    status,
    result,
  }));
  await db.query(
    `insert into flow_steps (flow_run_id, sequence, state_name, state_type, status, input, result,
       started_at, ended_at)
     select $1, n, s ->> 'name', 'Pass', s ->> 'status', 'null', coalesce(s -> 'result', 'null'),
       $3::timestamptz, case when s ->> 'status' <> 'active'
         then $3::timestamptz + interval '2 seconds' end
     from jsonb_array_elements($2::jsonb) with ordinality as r(s, n)`,
    [id, JSON.stringify(rows), at(0)],
  );
  return id;
}

withDatabases('steps of flow runs', (openFresh) => {
  let db: Database;
  before(async () => {
    db = await openFresh();
  });

  test('few steps are all in the document, of many those of the flow itself', async () => {
    const few = ['A', 'Each', 'Each[0]/B', 'C'].map((name) => ({ name }));
    const small = await runWith(db, few);
    const names = (await listDocumentSteps(db, small)).map(({ stateName }) => stateName);
    assert.deepEqual(names, ['A', 'Each', 'Each[0]/B', 'C']);
    const inner = Array.from({ length: most }, (_, item) => ({ name: `Each[${item}]/B` }));
    const large = await runWith(db, [{ name: 'A' }, { name: 'Each' }, ...inner, { name: 'C' }]);
    const own = await listDocumentSteps(db, large);
    assert.deepEqual(
      own.map(({ stateName }) => stateName),
      ['A', 'Each', 'C'],
    );
    assert.equal((await listDocumentSteps(db, large, 3)).length, 2);
    const loop = Array.from({ length: most + 5 }, () => ({ name: 'Again' }));
    const looped = await listDocumentSteps(db, await runWith(db, loop));
    assert.deepEqual([looped[0]?.sequence, looped.at(-1)?.sequence], [6, most + 5]);
  });

  test('large values are with the step itself', async () => {
    // One that is long as text and small as stored, one that no packing makes small.
    const zeros = 'a'.repeat(flowLimits.listedValueBytes * 4);
    const noise = Array.from({ length: 4000 }, (_, n) => Math.sin(n));
    const given = [{ zeros }, noise, { small: true }];
    const id = await runWith(
      db,
      given.map((result) => ({ name: 'A', result })),
    );
    const listed = await listDocumentSteps(db, id);
    assert.deepEqual(
      listed.map(({ result, omitted }) => [result, omitted]),
      [
        [null, ['result']],
        [null, ['result']],
        [{ small: true }, []],
      ],
    );
    const whole = await findFlowStep(db, id, 1);
    assert.deepEqual([whole?.result, whole?.omitted], [{ zeros }, []]);
    assert.equal(await findFlowStep(db, id, 9), undefined);
  });

  test('steps are paged, by where they are, what they are and how they stand', async () => {
    const id = await runWith(db, [
      { name: 'Each' },
      { name: 'Each[0]/B' },
      { name: 'Each[1]/B', status: 'failed' },
      { name: 'Each[1]/Two[0]/B' },
      { name: 'Each[10]/C' },
      { name: 'EachOther[0]/B' },
    ]);
    const found = async (wanted: object) => {
      const page = await listStepPage(db, id, { newestFirst: false, limit: 10, ...wanted });
      return page.map(({ sequence }) => sequence);
    };
    assert.deepEqual(await found({}), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(await found({ path: 'Each' }), [2, 3, 4, 5]);
    assert.deepEqual(await found({ path: 'Each[1]' }), [3, 4]);
    assert.deepEqual(await found({ state: 'B' }), [2, 3, 4, 6]);
    assert.deepEqual(await found({ state: 'B', status: ['failed'] }), [3]);
    assert.deepEqual(await found({ after: 4 }), [5, 6]);
    assert.deepEqual(await found({ after: 4, newestFirst: true, limit: 2 }), [3, 2]);
  });

  test('states and items are counted', async () => {
    const id = await runWith(db, [
      { name: 'A', status: 'failed' },
      { name: 'A' },
      { name: 'Each', status: 'active' },
      { name: 'Each[0]/B' },
      { name: 'Each[0]/C' },
      { name: 'Each[1]/B', status: 'failed' },
      { name: 'Each[1]/B', status: 'active' },
      { name: 'Each[2]/B', status: 'failed' },
      { name: 'Each[4]/B', status: 'canceled' },
      { name: 'Each[3]/Two' },
      { name: 'Each[3]/Two[0]/C' },
      { name: 'Each[3]/Two[1]/C' },
    ]);
    const core = {
      ...newFlowCore(),
      branches: [{ step: 3, wait: { kind: 'branches', total: 9 } }],
    };
    await db.query(`update flow_runs set run = $2::jsonb where id = $1`, [
      id,
      JSON.stringify(core),
    ]);
    const states = await countStates(db, id);
    assert.deepEqual(
      states.map(({ path, visits }) => [path, visits]),
      [
        ['A', 2],
        ['Each', 1],
        ['Each[]/B', 5],
        ['Each[]/C', 1],
        ['Each[]/Two', 1],
        ['Each[]/Two[]/C', 2],
      ],
    );
    const [first, each, inner] = states;
    assert.deepEqual([first?.failed, first?.totalSeconds, first?.lastSeconds], [1, 4, 2]);
    assert.deepEqual([each?.status, each?.activeSince, each?.step], ['active', at(0), 3]);
    assert.deepEqual([inner?.step, inner?.status], [7, 'active']);
    assert.deepEqual(await countItems(db, id, states), [
      { path: 'Each', done: 2, active: 1, failed: 1, canceled: 1, total: 9 },
      { path: 'Each[]/Two', done: 2, active: 0, failed: 0, canceled: 0, total: 2 },
    ]);
  });
});
