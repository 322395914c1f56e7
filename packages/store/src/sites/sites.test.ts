import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { appSchema } from '@interpulse/domain/app/app.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { addSite, at, newTestId, poolOffer } from '@interpulse/testing/store/store-world.ts';
import { appDigests } from '../apps/code-digest.ts';
import { deleteApp, findApp, findApps, listApps, saveApp } from '../apps/apps.ts';
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
  deleteMaintenance,
  forgetMaintenance,
  insertMaintenance,
  savePoolSettings,
  updateSite,
} from './change-sites.ts';
import { findCollectionSite, findSite, listCollections, listSites } from './read-sites.ts';
import { saveAgentState } from './save-agent-state.ts';
import { deleteLimit, readLimitUses, saveLimit } from './limits.ts';
import {
  longestUnheard,
  noteSiteCut,
  noteSiteFault,
  noteSiteSeen,
  noteSitesWell,
  silenceSites,
} from './watch-sites.ts';

const stateOfAgent: AgentState = {
  type: 'agentState',
  version: '0',
  host: 'host',
  pid: 1,
  compute: null,
  collections: [],
  channel: null,
  instruments: [],
  pilots: [],
  tasks: [],
  transfers: [],
};
const offer = {
  title: '',
  collection: 'raw',
  project: 'demo',
  returnTo: 'results:/',
  periodSeconds: 10,
};

withDatabases('sites, instruments and apps', (openFresh) => {
  let db: Database;
  before(async () => {
    db = await openFresh();
  });

  test('a site is what its agent says, and its collections are its own', async () => {
    const id = await addSite(db, 'first');
    await addSite(db, 'second', {
      compute: null,
      collections: [{ name: 'first-scratch', title: 'stolen', writable: false }],
    });
    assert.equal((await findCollectionSite(db, 'first-scratch'))?.siteId, id);
    assert.equal((await listCollections(db)).length, 1);
    const site = await findSite(db, 'first');
    assert.deepEqual([site?.status, site?.roles], ['up', ['compute', 'storage']]);
    assert.equal((await listSites(db)).length, 2);
    assert.equal(site?.scratchCollection, 'first-scratch');
    assert.equal((await findSite(db, 'second'))?.scratchCollection, null);
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
    await noteSiteCut(db, id, at(75));
    await noteSiteCut(db, id, at(72));
    assert.ok((await longestUnheard(db)) !== null);
    assert.deepEqual((await findSite(db, 'quiet'))?.seenAt, at(75));
    assert.equal((await silenceSites(db, at(76))).length > 0, true);
    await noteSiteCut(db, id, at(80));
    assert.deepEqual((await findSite(db, 'quiet'))?.status, 'silent');
    await noteSitesWell(db, [id, id]);
  });

  test('its staff closes and opens it', async () => {
    await addSite(db, 'closing');
    assert.equal(await updateSite(db, 'closing', { closed: true, reason: 'moved' }), true);
    assert.equal((await findSite(db, 'closing'))?.statusReason, 'moved');
    await updateSite(db, 'closing', { title: 'T' });
    await updateSite(db, 'closing', { closed: false });
    const site = await findSite(db, 'closing');
    assert.deepEqual([site?.status, site?.statusReason], ['up', null]);
    assert.equal(site?.title, 'T');
    assert.equal(await updateSite(db, 'none', { closed: true }), false);
  });

  test('a pool is tuned within what its site offers now, and knows the wish', async () => {
    const settings = { ...poolOffer().settings, maxPilots: 8, minWarm: 2 };
    const compute = (most: number): NonNullable<AgentState['compute']> => ({
      batch: 'slurm',
      scratchCollection: 'tuned-scratch',
      allowsCommands: true,
      apps: { allow: 'listed', digests: [] },
      labels: ['gpu'],
      launcher: 'srun',
      pools: [
        poolOffer({ settings: { ...settings, maxPilots: most } }),
        poolOffer({ name: 'fast' }),
      ],
    });
    const id = await addSite(db, 'tuned', { compute: compute(8) });
    await savePoolSettings(db, id, 'default', { maxPilots: 6 });
    await savePoolSettings(db, id, 'default', { paused: true });
    const seen = async () => (await findSite(db, 'tuned'))?.pools[0];
    assert.deepEqual((await seen())?.settings, { ...settings, maxPilots: 6, paused: true });
    assert.deepEqual((await seen())?.limits, settings);
    const about = { ...stateOfAgent, compute: compute(3) };
    await db.transaction((tx) => saveAgentState(tx, id, about, at(9), new Map()));
    assert.equal((await seen())?.settings.maxPilots, 3);
    const site = await findSite(db, 'tuned');
    assert.deepEqual([site?.labels, site?.launcher, site?.apps.allow], [['gpu'], 'srun', 'listed']);
    assert.deepEqual(
      site?.pools.map(({ name, counts }) => [name, counts.pilotsRunning]),
      [
        ['default', 0],
        ['fast', 0],
      ],
    );
  });

  test('maintenance is known until it has ended', async () => {
    const id = await addSite(db, 'cooled');
    const window = { startsAt: '2999-01-01T00:00:00.000Z', endsAt: '2999-01-02T00:00:00.000Z' };
    const planned = { id: newTestId('maintenance'), ...window, reason: 'cooling' };
    await insertMaintenance(db, id, planned);
    const over = { id: newTestId('maintenance'), startsAt: at(0), endsAt: at(1), reason: 'over' };
    await insertMaintenance(db, id, { ...over, startsAt: '2020-01-01T00:00:00.000Z' });
    await forgetMaintenance(db, '2999-01-01T12:00:00.000Z');
    assert.deepEqual((await findSite(db, 'cooled'))?.maintenance, [planned]);
    assert.equal(await deleteMaintenance(db, newTestId('site'), planned.id), false);
    assert.equal(await deleteMaintenance(db, id, planned.id), true);
    assert.equal(await deleteMaintenance(db, id, over.id), false);
  });

  test('a limit has one row for what it is of', async () => {
    const key = { project: null, site: null, app: 'xpcs' };
    await saveLimit(db, { ...key, maxJobs: 5, maxCores: null });
    await saveLimit(db, { ...key, maxJobs: 7, maxCores: 9 });
    assert.deepEqual(await readLimitUses(db), [
      { ...key, maxJobs: 7, maxCores: 9, jobs: 0, cores: 0 },
    ]);
    assert.equal(await deleteLimit(db, { ...key, site: 'x' }), false);
    assert.equal(await deleteLimit(db, key), true);
    assert.deepEqual(await readLimitUses(db), []);
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
    const input = { name: 'fit', command: ['fit', ['--n', '{n}']] };
    const app = appSchema.parse({ ...input, variants: { slow: { command: ['fit2'] } } });
    assert.equal(await saveApp(db, app, at(0)), true);
    assert.equal(await saveApp(db, app, at(1)), false);
    assert.equal(await saveApp(db, { ...app, title: 'Fit' }, at(2)), true);
    assert.deepEqual((await findApps(db, ['fit', 'none', 'fit'])).get('fit')?.title, 'Fit');
    const stored = await findApp(db, 'fit');
    assert.deepEqual([stored?.revision, stored?.updatedAt], [2, at(2)]);
    assert.equal((await listApps(db, { limit: 5 })).length, 1);
    assert.equal((await listApps(db, { after: 'fit', limit: 5 })).length, 0);
    const digests = appDigests(app);
    assert.deepEqual(Object.keys(digests), ['*', 'slow']);
    assert.match(digests['slow'] ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.notEqual(digests['slow'], digests['*']);
    assert.deepEqual(appDigests({ ...app, title: 'Other' }), digests);
    assert.equal(await deleteApp(db, 'fit'), true);
    assert.equal(await deleteApp(db, 'fit'), false);
  });
});
