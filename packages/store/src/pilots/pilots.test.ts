import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { PilotReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import {
  addJobs,
  addPilot,
  addSite,
  applyReports,
  at,
  leaseAt,
  newTestId,
  pilotReport,
  placeAt,
  poolOffer,
  reportOf,
  wantedPilot,
} from '@interpulse/testing/store/store-world.ts';
import { chooseReturns } from '@interpulse/domain/pilot/choose-returns.ts';
import type { Database } from '../database.ts';
import { readKeptWork, sitesWithKeptWork } from '../jobs/kept-jobs.ts';
import { leasedJobsOfSite } from '../jobs/lease-jobs.ts';
import { observeRuns } from '../jobs/observe-jobs.ts';
import { findSite } from '../sites/read-sites.ts';
import { lockPilotNeeds, savePoolReasons } from './pilot-needs.ts';
import {
  alivePilots,
  insertWantedPilots,
  listPilots,
  notePilotsIdle,
  releasePilots,
} from './pilots.ts';
import { applyPilotReports } from './report-pilots.ts';

const node = { host: 'n1', cores: 2, gpus: 1, memoryBytes: 4e9 };

withDatabases('pilots', (openFresh) => {
  let db: Database;
  before(async () => {
    db = await openFresh();
  });

  test('live by their table, and planning sees who is busy', async () => {
    const siteId = await addSite(db, 'pilots');
    const id = newTestId('pilot');
    await insertWantedPilots(db, siteId, [{ ...wantedPilot(id), walltimeSeconds: 60 }], at(0));
    const say = (event: PilotReport['event'], seconds: number, site: string = siteId) => {
      const running = event === 'running' ? { nodes: [node], endsAt: at(4000) } : {};
      return applyPilotReports(db, site, [pilotReport(id, event, seconds, running)]);
    };
    assert.deepEqual(await say('running', 1, newTestId('site')), []);
    assert.deepEqual(await say('preempted', 1), []);
    assert.equal((await say('submitted', 1)).length, 1);
    assert.deepEqual(await say('submitted', 1), []);
    assert.equal((await say('running', 2))[0]?.state, 'running');
    assert.deepEqual(await say('submitted', 3), []);
    await addJobs(db, {}, {});
    await placeAt(db, siteId);
    await notePilotsIdle(db, [id], at(4));
    const [waiting] = (await lockPilotNeeds(db, siteId, at(90)))?.pools[0]?.waiting ?? [];
    const { count, urgency, resources, restartable } = waiting ?? {};
    assert.deepEqual([count, urgency, resources?.cores, restartable], [2, 'normal', 1, false]);
    await leaseAt(db, siteId);
    await notePilotsIdle(db, [id], at(5));
    const needs = await lockPilotNeeds(db, siteId, at(90));
    assert.deepEqual([needs?.pools[0]?.waiting, needs?.open], [[], true]);
    const [seen] = needs?.pools[0]?.pilots ?? [];
    assert.deepEqual([seen?.busyCores, seen?.idleSinceAt, seen?.endsAt], [2, null, at(4000)]);
    await releasePilots(db, [id]);
    const leaving = await lockPilotNeeds(db, siteId, at(90));
    assert.deepEqual([leaving?.pools[0]?.pilots, leaving?.pilots[0]?.releaseWanted], [[], true]);
    const [listed] = await listPilots(db, { site: 'pilots', alive: true, limit: 5 });
    assert.deepEqual([listed?.startedAt, listed?.endsAt, listed?.nodes], [at(2), at(4000), [node]]);
    assert.equal((await say('ended', 9)).length, 1);
    assert.deepEqual(await say('running', 10), []);
    assert.deepEqual(await say('lost', 10), []);
    assert.deepEqual(await alivePilots(db, siteId), []);
  });

  test('what a pilot keeps at hand waits, and is seen when another one has room', async () => {
    const siteId = await addSite(db, 'kept');
    const first = await addPilot(db, siteId, 2);
    const jobs = await addJobs(db, {}, {}, {}, {}, {});
    await placeAt(db, siteId);
    assert.equal((await leaseAt(db, siteId)).length, 5);
    const waiting = async (seconds: number) =>
      (await lockPilotNeeds(db, siteId, at(seconds)))?.pools[0]?.waiting.map(({ count }) => count);
    assert.deepEqual(await waiting(2), [3]);
    await observeRuns(db, [{ siteId, app: '', count: 1, runSeconds: 0.01, outputBytes: 0 }]);
    assert.deepEqual([await waiting(2), await waiting(9)], [[], [3]]);
    assert.deepEqual(await sitesWithKeptWork(db, [siteId]), []);
    const second = await addPilot(db, siteId, 2);
    assert.deepEqual(await sitesWithKeptWork(db, [siteId, newTestId('site')]), [siteId]);
    const times = { now: at(9), leasedBefore: at(8) };
    const seen = await readKeptWork(db, siteId, times);
    assert.deepEqual([seen.kept.length, seen.kept[0]?.attempt, seen.waiting], [5, 1, []]);
    assert.deepEqual(
      seen.pilots.map(({ id, heldCores }) => [id, heldCores]),
      [first, second].map((id) => [id, id === first ? 5 : 0]),
    );
    assert.equal(
      (await readKeptWork(db, siteId, { ...times, leasedBefore: at(2) })).kept.length,
      0,
    );
    const asked = chooseReturns(seen).map(({ id }) => id);
    assert.deepEqual(
      asked,
      jobs
        .slice(3)
        .map(({ id }) => id)
        .toReversed(),
    );
  });

  test('urgent work is leased to a pilot that has enough at hand, and says its turn', async () => {
    const siteId = await addSite(db, 'urgent');
    const pilotId = await addPilot(db, siteId, 1);
    await addJobs(db, ...Array.from({ length: 5 }, () => ({})));
    await placeAt(db, siteId);
    const kept = await leaseAt(db, siteId);
    assert.equal(kept.length, 3);
    const turn = { urgency: 'urgent', priority: 7, deadlineAt: at(60) } as const;
    await addJobs(db, turn, { urgency: 'backfill' });
    await placeAt(db, siteId);
    const [lease, ...more] = await leaseAt(db, siteId);
    assert.deepEqual(more, []);
    const { urgency, priority, deadlineAt } = lease ?? {};
    assert.deepEqual({ urgency, priority, deadlineAt }, turn);
    assert.equal(lease?.pilotId, pilotId);
    assert.deepEqual(await leasedJobsOfSite(db, siteId), [lease, ...kept]);
    // What runs cannot be passed.
    for (const one of kept) await applyReports(db, siteId, reportOf(one, 'started'));
    await addJobs(db, turn);
    await placeAt(db, siteId);
    assert.deepEqual(await leaseAt(db, siteId), []);
  });

  test('a preempted pilot is submitted again, has no nodes, and has run', async () => {
    const siteId = await addSite(db, 'preempted');
    const id = await addPilot(db, siteId, 2);
    const said = (event: PilotReport['event'], seconds: number) =>
      applyPilotReports(db, siteId, [pilotReport(id, event, seconds, { expectedAt: at(500) })]);
    const [changed] = await said('preempted', 100);
    assert.deepEqual(
      [changed?.event, changed?.state, changed?.wasState],
      ['preempted', 'submitted', 'running'],
    );
    assert.deepEqual(await said('preempted', 101), []);
    const [pilot] = await listPilots(db, { site: 'preempted', limit: 1 });
    assert.deepEqual(
      [pilot?.state, pilot?.preemptions, pilot?.cores, pilot?.nodes, pilot?.host],
      ['submitted', 1, 0, [], null],
    );
    assert.deepEqual([pilot?.startedAt, pilot?.endsAt, pilot?.expectedAt], [null, null, at(500)]);
    assert.equal((await said('lost', 200))[0]?.hasRun, true);
  });

  test('several words of one pilot in one message count in their order', async () => {
    const siteId = await addSite(db, 'hasty');
    const id = newTestId('pilot');
    await insertWantedPilots(db, siteId, [wantedPilot(id)], at(0));
    const changed = await applyPilotReports(db, siteId, [
      pilotReport(id, 'submitted', 10),
      pilotReport(id, 'running', 40, { nodes: [node] }),
    ]);
    assert.deepEqual(
      changed.map(({ state }) => state),
      ['submitted', 'running'],
    );
    const pool = async () => (await findSite(db, 'hasty'))?.pools[0];
    assert.equal((await pool())?.queueWaitSeconds, 30);
    assert.deepEqual((await pool())?.counts, {
      pilotsWaiting: 0,
      pilotsRunning: 1,
      nodes: 1,
      coresBusy: 0,
      coresTotal: 2,
      gpusBusy: 0,
      gpusTotal: 1,
    });
    const next = newTestId('pilot');
    await insertWantedPilots(db, siteId, [wantedPilot(next)], at(0));
    await applyPilotReports(db, siteId, [pilotReport(next, 'submitted', 0)]);
    await applyPilotReports(db, siteId, [pilotReport(next, 'running', 60)]);
    assert.equal((await pool())?.queueWaitSeconds, 45);
  });

  test('what the batch system says of a waiting pilot is shown, and said once', async () => {
    const siteId = await addSite(db, 'waiting');
    const id = newTestId('pilot');
    await insertWantedPilots(db, siteId, [wantedPilot(id)], at(0));
    const wait = (reason: string) =>
      applyPilotReports(db, siteId, [
        pilotReport(id, 'submitted', 1, { reason, expectedAt: at(300) }),
      ]);
    await wait('Priority');
    assert.deepEqual(await wait('Priority'), []);
    assert.equal((await wait('Resources')).length, 1);
    const [pilot] = await listPilots(db, { site: 'waiting', limit: 1 });
    assert.deepEqual([pilot?.reason, pilot?.expectedAt], ['Resources', at(300)]);
  });

  test('a pilot keeps its pool’s classes and account, and why a pool is as it is', async () => {
    const pools = [poolOffer({ name: 'demand', urgencies: ['urgent'], account: 'm1' })];
    const compute = {
      batch: 'slurm',
      scratchCollection: 'two-scratch',
      allowsCommands: true,
      apps: { allow: 'templates' as const, digests: [] },
      labels: [],
      launcher: null,
      pools,
    };
    const siteId = await addSite(db, 'two', { compute });
    const id = newTestId('pilot');
    const wanted = { ...wantedPilot(id), pool: 'demand', urgencies: ['urgent' as const] };
    await insertWantedPilots(db, siteId, [{ ...wanted, account: 'm1' }], at(0));
    const [row] = await db.query('select urgencies, account, pool from pilots where id = $1', [id]);
    assert.deepEqual(row, { urgencies: [0], account: 'm1', pool: 'demand' });
    await savePoolReasons(db, siteId, [{ pool: 'demand', reason: 'nothing waits' }]);
    assert.equal((await findSite(db, 'two'))?.pools[0]?.reason, 'nothing waits');
  });

  test('a pilot is idle since its last job ended, and not while it holds one', async () => {
    const siteId = await addSite(db, 'idle');
    const id = await addPilot(db, siteId, 2);
    await notePilotsIdle(db, [id], at(30));
    const seen = async () => {
      const [needs, [listed]] = await Promise.all([
        lockPilotNeeds(db, siteId, at(90)),
        listPilots(db, { site: 'idle', limit: 1 }),
      ]);
      return [needs?.pilots[0]?.idleSinceAt, listed?.idleSinceAt];
    };
    assert.deepEqual(await seen(), [at(30), at(30)]);
    // It is given a job, and nobody has noted of the pilot that it is busy.
    await addJobs(db, {});
    await placeAt(db, siteId);
    await leaseAt(db, siteId);
    assert.deepEqual(await seen(), [null, null]);
  });
});
