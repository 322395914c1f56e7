import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newFlowCore } from '@interpulse/domain/flow/flow-view.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { at, newTestId } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { insertFlowRun } from '../flow-runs/write-flow-runs.ts';
import { saveFlow } from '../flows/flows.ts';
import { holderOf } from '../hub-presence.ts';
import { openNotifications } from '../notifications.ts';
import {
  claimActionRuns,
  freeActionsOfTheDead,
  nextAction,
  type ClaimedAction,
} from './claim-action-runs.ts';
import { actionRunNotes, callbackKeyOf, keptActions } from './read-action-runs.ts';
import {
  forgetActionRuns,
  giveUpActionRun,
  insertActionRun,
  nudgeActionRun,
  resumeActionRun,
  settleActionRun,
  takeCallback,
  type ActionSettled,
} from './write-action-runs.ts';

const us = { holder: 1, sites: ['site_ours'] };

withDatabases('actions that are carried out after the commit', (openFreshDatabase) => {
  let db: Database;
  let flowRunId: string;

  beforeEach(async () => {
    db ??= await openFreshDatabase();
    await db.query('delete from action_runs');
    flowRunId = await newRun(db);
  });

  const add = async (step = 1, seconds = 0) => {
    const id = newTestId('action');
    const row = { id, flowRunId, step, action: 'https', address: 'https://x.org', stateName: 'A' };
    const more = {
      request: { secret: 'word' },
      privateWords: ['word'],
      callbackKey: `key ${id}`,
      deadlineAt: at(300),
    };
    const whose = { ownerId: 'user_1', project: 'demo', collection: null };
    await insertActionRun(db, { ...row, ...more, ...whose }, at(seconds));
    return id;
  };
  const claim = (lease: string, seconds: number, limit = 10): Promise<ClaimedAction[]> =>
    claimActionRuns(db, { now: at(seconds), limit, lease, leasedUntil: at(seconds + 25), ...us });
  const nextActionAt = async () => (await nextAction(db, us)).at;
  const settle = (id: string, lease: string, change: Partial<ActionSettled>) => {
    const none = {
      note: null,
      lastError: null,
      faults: 0,
      dueAt: null,
      memory: undefined,
      siteId: null,
    };
    return settleActionRun(db, { status: 'active', ...none, at: at(1), id, lease, ...change });
  };
  const kept = async () => (await keptActions(db, flowRunId))[0] ?? assert.fail('no action');

  test('what is due is taken up once, the longest due first', async () => {
    const late = await add(1, 2);
    const soon = await add(2, 1);
    assert.equal(await nextActionAt(), at(1));
    assert.deepEqual(
      (await claim('one', 3, 1)).map(({ id }) => id),
      [soon],
    );
    const [taken] = await claim('two', 3);
    assert.deepEqual([taken?.id, taken?.attempt, taken?.run.ownerId], [late, 1, 'user_1']);
    assert.deepEqual(taken?.privateWords, ['word']);
    assert.deepEqual(await claim('three', 3), []);
  });

  test('claims at the same time never share an action', async () => {
    for (let step = 1; step <= 20; step += 1) await add(step);
    const leases = ['one', 'two', 'three', 'four'];
    const claims = await Promise.all(leases.map((lease) => claim(lease, 1, 7)));
    const ids = claims.flat().map(({ id }) => id);
    assert.deepEqual([ids.length, new Set(ids).size], [20, 20]);
  });

  test('of a hub that died another one takes over, and its late word changes nothing', async () => {
    const id = await add();
    await claim('dead', 1);
    assert.equal(await nextActionAt(), at(26), 'when the lease ends');
    assert.deepEqual(await claim('other', 25), []);
    assert.equal((await claim('other', 26))[0]?.attempt, 2);
    assert.equal(await settle(id, 'dead', { status: 'ended' }), false);
    assert.equal((await kept()).status, 'active');
    assert.equal(await settle(id, 'other', { status: 'active', memory: 7, dueAt: at(30) }), true);
    assert.deepEqual([(await kept()).memory, await nextActionAt()], [7, at(30)]);
  });

  test('what a site is asked is for the hub that has its session', async () => {
    const id = await add();
    await claim('one', 1);
    await settle(id, 'one', { siteId: 'site_other', dueAt: at(1), lastError: 'not here' });
    assert.deepEqual(await claim('two', 20), []);
    assert.equal(await nextActionAt(), at(31), 'then somebody looks where its collection is');
    const there = { holder: 2, sites: ['site_other'] };
    assert.equal((await nextAction(db, there)).at, at(1));
    const wanted = { now: at(2), limit: 1, lease: 'three', leasedUntil: at(27), ...there };
    assert.equal((await claimActionRuns(db, wanted)).length, 1);
    assert.deepEqual(await nextAction(db, us), { at: null, othersAtWork: true });
    await settle(id, 'three', { dueAt: at(3) });
    await giveUpActionRun(db, flowRunId, 1, at(4));
    assert.equal((await claim('four', 5)).length, 1, 'anybody lets it go');
  });

  test('leases of hubs that are gone end, those of living hubs do not', async () => {
    const line = await openNotifications(db);
    const [own, dead] = [holderOf(db), 77];
    try {
      for (const [step, holder] of [own, dead].entries()) {
        await add(step + 1);
        const wanted = { now: at(1), limit: 1, lease: `of ${holder}`, leasedUntil: at(26) };
        assert.equal((await claimActionRuns(db, { ...wanted, sites: [], holder })).length, 1);
      }
      assert.equal(await freeActionsOfTheDead(db, { now: at(2), holder: us.holder }), 1);
      const [free] = await claim('heir', 2);
      assert.equal(free?.attempt, 2);
      assert.deepEqual(await claim('heir', 2), []);
    } finally {
      await line.close();
    }
    assert.equal(await freeActionsOfTheDead(db, { now: at(2), holder: us.holder }), 1);
  });

  test('what is over keeps nothing of what was asked', async () => {
    const id = await add();
    await claim('one', 1);
    await settle(id, 'one', { status: 'ended', memory: { token: 'x' }, note: 'a note' });
    const { request, memory, note, dueAt } = await kept();
    assert.deepEqual([request, memory, note, dueAt], [{}, null, null, null]);
    const [row] = await db.query('select private_words from action_runs');
    assert.deepEqual(row, { private_words: [] });
    assert.equal(await callbackKeyOf(db, id), undefined);
    await forgetActionRuns(db, at(0));
    assert.equal((await keptActions(db, flowRunId)).length, 1);
    await forgetActionRuns(db, at(2));
    assert.equal((await keptActions(db, flowRunId)).length, 0);
  });

  test('one that is given up before it began is over; else it is canceled at once', async () => {
    await add();
    assert.equal(await giveUpActionRun(db, flowRunId, 1, at(1)), true);
    assert.equal((await kept()).status, 'ended');
    await db.query('delete from action_runs');
    const id = await add();
    await claim('one', 1);
    await giveUpActionRun(db, flowRunId, 1, at(2));
    // The call that is under way ends now, and what it learned is needed to cancel.
    await settle(id, 'one', { memory: { id: 'a1' }, dueAt: at(99), at: at(3) });
    const [canceling] = await claim('two', 3);
    assert.deepEqual([canceling?.status, canceling?.memory], ['canceling', { id: 'a1' }]);
    assert.equal(await giveUpActionRun(db, flowRunId, 1, at(4)), false);
  });

  test('news wakes one that waits, and one whose call is under way right after it', async () => {
    const id = await add();
    await claim('one', 1);
    assert.equal(await nudgeActionRun(db, id, at(2)), true);
    assert.deepEqual(await claim('two', 2), [], 'one call at a time');
    await settle(id, 'one', { dueAt: at(99), at: at(3) });
    assert.equal(await nextActionAt(), at(3));
    await claim('two', 3);
    await settle(id, 'two', { dueAt: at(99), at: at(4) });
    assert.equal(await takeCallback(db, id, 5000, at(5)), true);
    assert.equal(await nextActionAt(), at(5));
    assert.equal(await takeCallback(db, id, 5000, at(6)), false, 'said before');
    assert.equal(await takeCallback(db, id, 4999, at(6)), false, 'older');
  });

  test('one that needs a person rests until somebody resumes it', async () => {
    const id = await add();
    await claim('one', 1);
    await settle(id, 'one', { status: 'stalled', note: 'log in' });
    assert.equal(await nextActionAt(), null);
    assert.equal((await actionRunNotes(db, flowRunId))[0]?.note, 'log in');
    assert.equal(await resumeActionRun(db, flowRunId, 1, at(9)), true);
    assert.deepEqual([(await kept()).status, await nextActionAt()], ['active', at(9)]);
    assert.equal(await resumeActionRun(db, flowRunId, 1, at(9)), false);
  });
});

async function newRun(db: Database): Promise<string> {
  const flow = { id: newTestId('flow'), name: 'flow', title: '', description: '' };
  const more = { definition: {}, inputSchema: {}, project: 'demo', ownerId: 'user_1' };
  await saveFlow(db, { ...flow, ...more }, at(0));
  const id = newTestId('flowrun');
  await insertFlowRun(
    db,
    {
      id,
      flowName: 'flow',
      flowVersion: 1,
      label: '',
      project: 'demo',
      ownerId: 'user_1',
      urgency: 'normal',
      deadlineAt: null,
      instrument: null,
      shotNumber: null,
      datasetId: null,
      tags: {},
      input: {},
      core: newFlowCore(),
      stepsTotal: 1,
    },
    at(0),
  );
  return id;
}
