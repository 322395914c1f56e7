import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { triggerRequestSchema, triggerSchema } from '@interpulse/domain/trigger/trigger.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { at, newTestId } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations/migrations.ts';
import {
  claimFiring,
  recentFailures,
  reclaimFiring,
  forgetFirings,
  lockDueSchedules,
  lockRate,
  setNextDue,
  triggerDepth,
  type NewFiring,
} from './firings.ts';
import { listFirings, triggerActivity } from './read-firings.ts';
import {
  deleteTrigger,
  findTrigger,
  listTriggers,
  pauseTrigger,
  saveTrigger,
  triggersOfSubjects,
  type TriggerToSave,
} from './triggers.ts';

withDatabases('triggers', (open) => {
  let db: Database;
  before(async () => {
    db = await open();
  });

  const triggerOf = (name: string, fields: object = {}): TriggerToSave => {
    const source = { kind: 'file', instrument: name };
    const { enabled: _, ...rules } = triggerRequestSchema.parse({
      source,
      flowName: 'flow',
      ...fields,
    });
    const id = newTestId('trigger');
    const kept = { pause: null, nextDueAt: null, ownerId: 'user_1', project: 'demo' };
    return { ...rules, id, name, ...kept };
  };
  const firingOf = (trigger: string, key: string, fields: Partial<NewFiring> = {}): NewFiring => ({
    trigger,
    key,
    summary: key,
    outcome: 'fired',
    reason: null,
    flowRunId: `flowrun_${key}`,
    at: at(1),
    document: null,
    depth: 3,
    ...fields,
  });

  test('are found by what they listen to, the paused ones too', async () => {
    await saveTrigger(
      db,
      triggerOf('found', { deadline: 5, rateLimit: { most: 1, perSeconds: 2 } }),
      at(0),
    );
    const subject = 'file found';
    const one = (await triggersOfSubjects(db, [subject, 'file other'])).get(subject)?.[0];
    assert.deepEqual([one?.deadline, one?.enabled, one?.rateLimit?.beyond], [5, true, 'drop']);
    const pause = { reason: 'because', by: 'me', at: at(1) };
    await pauseTrigger(db, 'found', { pause, nextDueAt: null, at: at(1) });
    const paused = (await triggersOfSubjects(db, [subject])).get(subject)?.[0];
    assert.deepEqual([paused?.enabled, paused?.pause], [false, pause]);
    assert.equal((await listTriggers(db, { projects: ['demo'], limit: 5 })).length, 1);
    assert.deepEqual(await listTriggers(db, { projects: ['other'], limit: 5 }), []);
    await deleteTrigger(db, 'found');
    assert.equal(await findTrigger(db, 'found'), undefined);
  });

  test('fire once for a key, however many ask; what was rolled back did not', async () => {
    await saveTrigger(db, triggerOf('once'), at(0));
    const undone = db.transaction(async (tx) => {
      assert.equal(await claimFiring(tx, firingOf('once', 'k')), true);
      throw new Error('undone');
    });
    await assert.rejects(undone, /undone/);
    const claims = Array.from({ length: 8 }, () =>
      db.transaction((tx) => claimFiring(tx, firingOf('once', 'k'))),
    );
    assert.equal((await Promise.all(claims)).filter(Boolean).length, 1);
    const [firing] = await listFirings(db, { trigger: 'once', limit: 9 });
    assert.equal(firing?.repeats, 7);
    assert.equal(await triggerDepth(db, 'flowrun_k'), 3);
    assert.equal(await triggerDepth(db, 'flowrun_other'), 0);
    const did = (await triggerActivity(db, ['once'], at(0), 5)).get('once');
    assert.deepEqual([did?.counts.fired, did?.counts.repeats, did?.lastFiredAt], [1, 7, at(1)]);
  });

  test('a key that was claimed to be filtered is claimed once more, by what counts', async () => {
    await saveTrigger(db, triggerOf('again'), at(0));
    const filtered = { outcome: 'filtered', reason: 'too few', flowRunId: null } as const;
    await db.transaction((tx) => claimFiring(tx, firingOf('again', 'k', filtered)));
    const counting = firingOf('again', 'k', { at: at(2), flowRunId: 'flowrun_second' });
    const claims = Array.from({ length: 4 }, () =>
      db.transaction((tx) => reclaimFiring(tx, counting)),
    );
    assert.equal((await Promise.all(claims)).filter(Boolean).length, 1);
    const [firing] = await listFirings(db, { trigger: 'again', limit: 9 });
    assert.deepEqual(
      [firing?.outcome, firing?.reason, firing?.flowRunId, firing?.at],
      ['fired', null, 'flowrun_second', at(2)],
    );
    assert.equal(await db.transaction((tx) => reclaimFiring(tx, firingOf('again', 'x'))), false);
  });

  test('failures in a row are counted since it was enabled', async () => {
    await saveTrigger(db, triggerOf('weak'), at(0));
    const fail = (key: string, second: number) =>
      claimFiring(db, firingOf('weak', key, { outcome: 'failed', at: at(second) }));
    await fail('a', 1);
    await fail('b', 2);
    assert.equal(await recentFailures(db, 'weak', 2), 2);
    assert.equal(await recentFailures(db, 'weak', 3), 2);
    await claimFiring(db, firingOf('weak', 'c', { at: at(3) }));
    await fail('d', 4);
    assert.equal(await recentFailures(db, 'weak', 2), 1);
    await fail('e', 5);
    assert.equal(await recentFailures(db, 'weak', 2), 2);
    await pauseTrigger(db, 'weak', { pause: null, nextDueAt: null, at: at(6) });
    assert.equal(await recentFailures(db, 'weak', 2), 0);
  });

  test('a rate limit sees what was started, but not the event itself', async () => {
    await saveTrigger(db, triggerOf('rated'), at(0));
    for (const [index, key] of ['a', 'b', 'c'].entries()) {
      await claimFiring(db, firingOf('rated', key, { at: at(index) }));
    }
    const nth = async (key: string, most: number) =>
      (await db.transaction((tx) => lockRate(tx, 'rated', key, most))).nthNewestAt;
    assert.equal(await nth('', 1), at(2));
    assert.equal(await nth('c', 1), at(1));
    assert.equal(await nth('c', 2), at(0));
    assert.equal(await nth('c', 3), null);
  });

  test('a schedule that one hub holds is passed over by the others', async () => {
    const source = { kind: 'schedule', cron: '* * * * *', timeZone: 'UTC' };
    await saveTrigger(db, triggerOf('timed', { source }), at(0));
    await setNextDue(db, 'timed', at(5));
    await db.transaction(async (tx) => {
      assert.deepEqual(await lockDueSchedules(tx, at(4), 9), []);
      assert.deepEqual(await lockDueSchedules(tx, at(5), 9), ['timed']);
      assert.deepEqual(await db.transaction((other) => lockDueSchedules(other, at(5), 9)), []);
    });
  });

  test('what is long past is forgotten, of what did not fire also what is too much', async () => {
    await saveTrigger(db, triggerOf('long'), at(0));
    for (let second = 0; second < 6; second += 1) {
      await claimFiring(db, firingOf('long', `f${second}`, { at: at(second) }));
      const limited = firingOf('long', `l${second}`, { outcome: 'limited', at: at(second) });
      await claimFiring(db, limited);
    }
    await forgetFirings(db, { fired: at(1), others: at(2), kept: 3 });
    const left = (await listFirings(db, { trigger: 'long', limit: 99 })).map(({ key }) => key);
    assert.deepEqual(left.toSorted(), ['f1', 'f2', 'f3', 'f4', 'f5', 'l3', 'l4', 'l5']);
  });

  test('triggers of before go on as they were', async () => {
    const old = await open();
    await old.query('drop schema public cascade; create schema public');
    const before = Object.entries(migrations).filter(([name]) => name < '0012');
    await migrate(old, Object.fromEntries(before));
    const row = `'flow', '{"a": 1}', '30', 0, 'demo', 'user_1', '${at(0)}'`;
    const { id } = triggerOf('x');
    await old.query(
      `insert into triggers (name, id, enabled, instrument, pattern, flow_name, input, deadline,
         urgency, project, owner_id, created_at)
       values ('on', '${id}', true, 'tokamak', '/raw/*', ${row}),
         ('off', '${triggerOf('y').id}', false, 'tokamak', '/**', ${row})`,
    );
    await old.query(`insert into trigger_firings values ('on', 'dataset_1', 'flowrun_1', $1)`, [
      at(1),
    ]);
    await migrate(old);
    const on = await findTrigger(old, 'on');
    const source = { kind: 'file', instrument: 'tokamak', pattern: '/raw/*' };
    assert.deepEqual([on?.source, on?.enabled, on?.deadline], [source, true, 30]);
    const { ownerId: _, ...told } = on ?? { ownerId: '' };
    triggerSchema.parse(told);
    const off = await findTrigger(old, 'off');
    assert.equal(off?.pause?.at, at(0));
    assert.equal(await claimFiring(old, firingOf('on', 'dataset_1')), false);
    const [firing] = await listFirings(old, { trigger: 'on', limit: 9 });
    assert.deepEqual([firing?.outcome, firing?.flowRunId], ['fired', 'flowrun_1']);
  });
});
