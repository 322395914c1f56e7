import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { appSchema } from '@interpulse/domain/app/app.ts';
import { poolSchema } from '@interpulse/domain/site/site.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import {
  addJobs,
  addPilot,
  addSite,
  at,
  leaseAt,
  newTestId,
  placeAt,
} from '@interpulse/testing/store/store-world.ts';
import { findApps, listApps, saveApp } from '../apps/apps.ts';
import type { Database } from '../database.ts';
import {
  findInstrument,
  listInstruments,
  listShots,
  noteShotAnswered,
  noteShotRecorded,
  noteShotTaken,
} from '../instruments/instruments.ts';
import {
  alivePilots,
  applyPilotReports,
  insertWantedPilots,
  listPilots,
  lockPilotNeeds,
  notePilotsIdle,
  releasePilots,
} from '../pilots/pilots.ts';
import {
  findCollectionSite,
  findRelay,
  findScratch,
  findSite,
  listCollections,
  listSites,
  updateSite,
} from './read-sites.ts';
import { noteSiteFault, noteSiteSeen, noteSitesWell, silenceSites } from './watch-sites.ts';

const offer = { title: '', collection: 'raw', returnTo: 'results:/', periodSeconds: 10 };

withDatabases('sites, pilots, instruments and apps', (openFresh) => {
  let db: Database;
  before(async () => {
    db = await openFresh();
  });

  test('a site is what its agent says, and its collections are its own', async () => {
    const channel = { host: '10.0.0.1', port: 7, fingerprint: null };
    const id = await addSite(db, 'first', { channel });
    assert.equal(await findScratch(db, id), 'first-scratch');
    assert.deepEqual(await findRelay(db), { siteId: id, channel });
    const second = await addSite(db, 'second', {
      compute: null,
      collections: [{ name: 'first-scratch', title: 'stolen', writable: false }],
    });
    assert.equal((await findCollectionSite(db, 'first-scratch'))?.siteId, id);
    assert.equal((await listCollections(db)).length, 1);
    const site = await findSite(db, 'first');
    assert.deepEqual([site?.status, site?.roles], ['up', ['compute', 'storage']]);
    assert.equal((await listSites(db)).length, 2);
    assert.equal(await findScratch(db, second), null);
  });

  test('a site that is not heard of is silent until it is heard again', async () => {
    const id = await addSite(db, 'quiet');
    await noteSiteSeen(db, id, at(50));
    const silent = await silenceSites(db, at(40));
    assert.ok(silent.every((site) => site.id !== id));
    assert.equal((await silenceSites(db, at(60))).length, 1);
    assert.deepEqual(await silenceSites(db, at(60)), []);
    assert.equal((await findSite(db, 'quiet'))?.status, 'silent');
    assert.equal(await noteSiteSeen(db, id, at(70)), true);
    assert.equal(await noteSiteSeen(db, id, at(71)), false);
    await noteSitesWell(db, [id, id]);
  });

  test('its staff closes and opens it', async () => {
    await addSite(db, 'closing');
    assert.equal(await updateSite(db, 'closing', { closed: true, reason: 'moved' }), true);
    assert.equal((await findSite(db, 'closing'))?.statusReason, 'moved');
    const pool = poolSchema.parse({ maxPilots: 7 });
    await updateSite(db, 'closing', { pool, title: 'T' });
    await updateSite(db, 'closing', { closed: false });
    const site = await findSite(db, 'closing');
    assert.deepEqual([site?.status, site?.statusReason], ['up', null]);
    assert.deepEqual([site?.pool.maxPilots, site?.title], [7, 'T']);
    assert.equal(await updateSite(db, 'none', { closed: true }), false);
  });

  test('pilots live by their table, and planning sees who is busy', async () => {
    const siteId = await addSite(db, 'pilots');
    const id = newTestId('pilot');
    const wanted = { id, reason: 'warm', nodes: 1, walltimeSeconds: 60 };
    await insertWantedPilots(db, siteId, [wanted], at(0));
    const report = { pilotId: id, batchJobId: '9', host: 'n1', cores: 2, reason: null };
    const say = (
      event: 'submitted' | 'running' | 'ended' | 'lost',
      seconds: number,
      site = siteId,
    ) => applyPilotReports(db, site, [{ ...report, event, at: at(seconds) }]);
    assert.deepEqual(await say('running', 1, newTestId('site')), []);
    assert.equal((await say('submitted', 1)).length, 1);
    assert.deepEqual(await say('submitted', 1), []);
    assert.equal((await say('running', 2))[0]?.state, 'running');
    assert.deepEqual(await say('submitted', 3), []);
    await addJobs(db, {}, {}, {});
    await placeAt(db, siteId);
    await notePilotsIdle(db, [id], at(4));
    assert.equal((await lockPilotNeeds(db, siteId, at(90)))?.backlogCores, 3);
    await leaseAt(db, siteId);
    await notePilotsIdle(db, [id], at(5));
    const needs = await lockPilotNeeds(db, siteId, at(90));
    assert.deepEqual([needs?.backlogCores, needs?.open], [0, true]);
    assert.deepEqual([needs?.pilots[0]?.busyCores, needs?.pilots[0]?.idleSinceAt], [3, null]);
    await releasePilots(db, [id]);
    assert.equal((await lockPilotNeeds(db, siteId, at(90)))?.pilots[0]?.releaseWanted, true);
    const [listed] = await listPilots(db, { site: 'pilots', alive: true, limit: 5 });
    assert.deepEqual([listed?.startedAt, listed?.endsAt], [at(2), at(62)]);
    assert.equal((await say('ended', 9)).length, 1);
    assert.deepEqual(await say('running', 10), []);
    assert.deepEqual(await say('lost', 10), []);
    assert.deepEqual(await alivePilots(db, siteId), []);
  });

  test('a site says why it rests while it rests, and no longer', async () => {
    const id = await addSite(db, 'resting');
    const fault = (restUntil: string) =>
      noteSiteFault(db, id, { most: 1, restUntil, reason: 'its queue refuses' });
    assert.equal(await fault('2999-01-01T00:00:00.000Z'), true);
    assert.equal((await findSite(db, 'resting'))?.statusReason, 'resting: its queue refuses');
    assert.equal(await fault('2001-01-01T00:00:00.000Z'), true);
    assert.equal((await findSite(db, 'resting'))?.statusReason, null);
  });

  test('a pilot is idle since its last job ended', async () => {
    const siteId = await addSite(db, 'idle');
    const id = await addPilot(db, siteId, 2);
    await notePilotsIdle(db, [id], at(30));
    const pilots = (await lockPilotNeeds(db, siteId, at(90)))?.pilots;
    assert.equal(pilots?.[0]?.idleSinceAt, at(30));
  });

  test('the shot clock, the file, the run and the answer come together in any order', async () => {
    await addSite(db, 'beamline', { compute: null, instruments: [{ name: 'tokamak', ...offer }] });
    assert.equal((await findInstrument(db, 'tokamak'))?.siteName, 'beamline');
    const taken = { instrument: 'tokamak', nextShotAt: at(60) };
    await noteShotTaken(db, { ...taken, number: 8, takenAt: at(10) });
    await noteShotTaken(db, { ...taken, number: 7, takenAt: at(5) });
    assert.equal((await listInstruments(db))[0]?.lastShotNumber, 8);
    const file = { instrument: 'tokamak', closedAt: at(12), datasetId: 'dataset_1' };
    await noteShotRecorded(db, { ...file, number: 8, flowRunId: null });
    await noteShotRecorded(db, { ...file, number: 9, flowRunId: null });
    await noteShotAnswered(db, 'flowrun_none', 'dataset_2', at(14));
    await noteShotTaken(db, { ...taken, number: 9, takenAt: at(11) });
    const shots = await listShots(db, { instrument: 'tokamak', limit: 9 });
    assert.deepEqual(
      shots.map(({ number, deadlineAt, datasetId }) => [number, deadlineAt, datasetId]),
      [
        [9, at(60), 'dataset_1'],
        [8, at(60), 'dataset_1'],
        [7, at(60), null],
      ],
    );
    assert.deepEqual(
      (await listShots(db, { instrument: 'tokamak', before: 8, limit: 9 })).length,
      1,
    );
  });

  test('apps are kept whole', async () => {
    const app = appSchema.parse({ name: 'fit', command: ['fit', ['--n', '{n}']] });
    await saveApp(db, app, at(0));
    await saveApp(db, { ...app, title: 'Fit' }, at(1));
    assert.deepEqual((await findApps(db, ['fit', 'none', 'fit'])).get('fit')?.title, 'Fit');
    assert.equal((await listApps(db)).length, 1);
  });
});
