import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { resourcesSchema } from '@interpulse/domain/app/app.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import {
  addJobs,
  addPilot,
  addSite,
  at,
  leaseAt,
  newTestId,
  pilotReport,
  placeAt,
  poolOffer,
  wantedPilot,
} from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { insertWantedPilots } from '../pilots/pilots.ts';
import { applyPilotReports } from '../pilots/report-pilots.ts';
import { insertMaintenance, savePoolSettings, updateSite } from './change-sites.ts';
import { readLimitUses, saveLimit } from './limits.ts';
import { readSiteSnapshots } from './read-site-snapshots.ts';
import { forgetSiteSamples, readSiteSamples, sampleSites } from './site-samples.ts';
import { noteSiteFault } from './watch-sites.ts';

withDatabases('what placing sees', (openFresh) => {
  let db: Database;
  before(async () => {
    db = await openFresh();
  });
  const snapshot = async (name: string, now = at(100)) =>
    (await readSiteSnapshots(db, now, 10)).find((site) => site.name === name);

  test('the work of a site by urgency, its pilots by pool, and what was observed', async () => {
    const siteId = await addSite(db, 'busy');
    await addPilot(db, siteId, 4);
    const wide = { resources: resourcesSchema.parse({ cores: 2, nodes: 2 }) };
    await addJobs(db, { urgency: 'urgent' }, {}, { spec: wide, urgency: 'backfill' });
    await placeAt(db, siteId);
    const [lease] = await leaseAt(db, siteId);
    assert.ok(lease);
    await db.query(`update jobs set state = 'active' where id = $1`, [lease.jobId]);
    await db.query(
      `insert into app_runtimes (site_id, app, samples, run_seconds) values ($1, '', 1, 20)`,
      [siteId],
    );
    await db.query(`insert into link_rates (source, destination, samples, bytes_per_second)
      values ('raw', 'busy-scratch', 1, 5e6), ('busy-scratch', 'home', 1, 7e6)`);
    await db.query(`insert into app_outputs (app, samples, output_bytes) values ('fit', 1, 99)`);
    const seen = await snapshot('busy');
    assert.equal(seen?.backlogJobs, 3);
    assert.deepEqual(seen?.backlogCores, { urgent: 1, normal: 1, backfill: 4 });
    assert.deepEqual(seen?.backlogCoreSeconds, { urgent: 20, normal: 20, backfill: 80 });
    assert.deepEqual(seen?.runSeconds, { '': 20 });
    assert.deepEqual(seen?.outputBytes, { fit: 99 });
    assert.deepEqual(seen?.bytesPerSecond, { raw: 5e6 });
    assert.deepEqual(seen?.returnBytesPerSecond, { home: 7e6 });
    const [pool] = seen?.pools ?? [];
    assert.deepEqual([pool?.coresTotal, pool?.coresBusy, pool?.maxPilots], [4, 1, 1]);
    assert.equal(pool?.pilotStartSeconds, 0);
  });

  test('what of the work is due when, those near each other as one', async () => {
    const siteId = await addSite(db, 'hurried');
    const soon = { deadlineAt: at(300), urgency: 'urgent' as const };
    await addJobs(db, {}, soon, { ...soon, deadlineAt: at(301) }, { deadlineAt: at(900) });
    await placeAt(db, siteId);
    assert.deepEqual((await snapshot('hurried'))?.backlogDue, [
      { urgency: 'urgent', dueAt: at(300), cores: 2 },
      { urgency: 'normal', dueAt: at(900), cores: 1 },
    ]);
  });

  test('a queue that does not move is seen before any pilot has started', async () => {
    const settings = { ...poolOffer().settings, nodesPerPilot: 4, walltimeSeconds: 7200 };
    const siteId = await addSite(db, 'stuck', {
      compute: {
        batch: 'slurm',
        scratchCollection: 'stuck-scratch',
        allowsCommands: false,
        apps: { allow: 'all', digests: [] },
        labels: ['big'],
        launcher: 'srun',
        pools: [poolOffer({ settings, account: 'm1', urgencies: ['backfill'] })],
      },
    });
    const id = newTestId('pilot');
    await insertWantedPilots(db, siteId, [wantedPilot(id)], at(0));
    await applyPilotReports(db, siteId, [pilotReport(id, 'submitted', 10)]);
    const start = async (now: string) =>
      (await snapshot('stuck', now))?.pools[0]?.pilotStartSeconds;
    assert.deepEqual([await start(at(20)), await start(at(910))], [60, 900]);
    await savePoolSettings(db, siteId, 'default', { walltimeSeconds: 3600, paused: true });
    const seen = await snapshot('stuck');
    const [pool] = seen?.pools ?? [];
    assert.deepEqual(
      [pool?.paused, pool?.walltimeSeconds, pool?.maxNodes, pool?.account, pool?.urgencies],
      [true, 3600, 4, 'm1', ['backfill']],
    );
    assert.deepEqual([seen?.launcher, seen?.labels, seen?.apps.allow], ['srun', ['big'], 'all']);
    assert.equal(seen?.hasCompute, true);
  });

  test('why a site takes nothing', async () => {
    const siteId = await addSite(db, 'shut');
    const window = { startsAt: at(1), endsAt: at(900), reason: 'cooling' };
    await insertMaintenance(db, siteId, { id: newTestId('maintenance'), ...window });
    assert.equal((await snapshot('shut'))?.maintenance[0]?.endsAt, at(900));
    assert.deepEqual((await snapshot('shut', at(901)))?.maintenance, []);
    await noteSiteFault(db, siteId, { most: 1, restUntil: at(500), reason: 'no queue' });
    assert.equal((await snapshot('shut'))?.brokenReason, 'no queue');
    assert.equal((await snapshot('shut', at(501)))?.brokenReason, null);
    await updateSite(db, 'shut', { closed: true, reason: 'moved' });
    const seen = await snapshot('shut');
    assert.deepEqual([seen?.status, seen?.statusReason], ['closed', 'moved']);
  });

  test('limits count what is placed under them and has not ended', async () => {
    const any = { project: null, site: null, app: null };
    await saveLimit(db, { ...any, site: 'busy', maxJobs: 9, maxCores: null });
    await saveLimit(db, { ...any, project: 'demo', app: 'none', maxJobs: null, maxCores: 4 });
    const uses = (await readLimitUses(db)).map(({ site, app, jobs, cores }) => [
      site ?? app,
      jobs,
      cores,
    ]);
    assert.deepEqual(uses, [
      ['busy', 3, 6],
      ['none', 0, 0],
    ]);
  });

  test('use is noted once for all hubs, read evenly, and forgotten', async () => {
    const [site] = await db.query<{ id: string }>(`select id from sites where name = 'busy'`);
    const id = site?.id ?? '';
    for (let minute = 0; minute < 10; minute += 1) {
      await sampleSites(db, at(minute * 60), at(minute * 60 - 30));
      await sampleSites(db, at(minute * 60 + 1), at(minute * 60 - 29));
    }
    const all = await readSiteSamples(db, id, { since: at(0), most: 100 });
    assert.equal(all.length, 10);
    assert.deepEqual(all[0], {
      at: at(0),
      coresBusy: 1,
      coresTotal: 4,
      jobsReady: 2,
      jobsActive: 1,
      pilots: 1,
    });
    const some = await readSiteSamples(db, id, { since: at(0), most: 4 });
    assert.deepEqual(
      some.map((sample) => sample.at),
      [at(0), at(180), at(360), at(540)],
    );
    await forgetSiteSamples(db, at(500));
    assert.equal((await readSiteSamples(db, id, { since: at(0), most: 100 })).length, 1);
  });
});
