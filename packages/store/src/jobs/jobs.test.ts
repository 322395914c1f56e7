import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SiteId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { isAnyoneWaiting } from '@interpulse/testing/database/is-anyone-waiting.ts';
import { isRowFree } from '@interpulse/testing/database/is-row-free.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import {
  addJobs,
  addPilot,
  addSite,
  applyReports,
  at,
  endPilot,
  leaseAt,
  newTestId,
  placeAt,
  reportOf,
  stateOf,
} from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { listEvents } from '../events/list-events.ts';
import { findSite } from '../sites/read-sites.ts';
import { readSiteSnapshots } from '../sites/read-site-snapshots.ts';
import { forgetPlacements } from './forget-placements.ts';
import { leasedJobsOfSite, leaseReadyJobs, readyAtSites, type LeasedJob } from './lease-jobs.ts';
import { cancelOpenJobs } from './cancel-jobs.ts';
import { canceledAttempts, staleAttempts } from './held-attempts.ts';
import { observeRuns } from './observe-jobs.ts';
import { failJob, takeBackFromPilots, takeBackFromSite } from './take-back-jobs.ts';
import { lockQueuedJobs, markStaged, markUnplaced, sizesOfLocations } from './place-jobs.ts';
import { consideredFor, findJob, listAttempts, listJobs } from './read-jobs.ts';
import { applyAttemptWords, keepJobPreview } from './report-jobs.ts';
import { previewAtLocation } from '../catalog/write-datasets.ts';

const preview = { kind: 'image', title: '', png: 'AAAA', widthPixels: 1, heightPixels: 1 } as const;

withDatabases('jobs', (openFresh) => {
  let db: Database;
  let siteId: SiteId;

  before(async () => {
    db = await openFresh();
    siteId = await addSite(db, 'site');
  });

  const kindsOf = async (jobId: string): Promise<string[]> => {
    const events = await listEvents(db, { projects: null, subjectId: jobId, limit: 100 });
    return events.map((event) => event.kind);
  };
  const outcomes = async (jobId: string) =>
    (await listAttempts(db, jobId)).map(({ number, outcome }) => `${number} ${outcome}`);
  /** One job, leased by a pilot of its own at a site of its own. */
  const leased = async (name: string): Promise<{ site: SiteId; lease: LeasedJob }> => {
    const site = await addSite(db, name);
    await addPilot(db, site, 1);
    await addJobs(db, {});
    await placeAt(db, site);
    const [lease] = await leaseAt(db, site);
    assert.ok(lease);
    return { site, lease };
  };

  test('words of many jobs lock them in the order of their ids, as all do', async () => {
    const siteId = await addSite(db, 'locks');
    await addPilot(db, siteId, 8);
    await addJobs(db, {}, {});
    await placeAt(db, siteId);
    const leases = (await leaseAt(db, siteId)).toSorted((a, b) => (a.jobId < b.jobId ? 1 : -1));
    const [last, first] = leases.map(({ jobId }) => jobId);
    let taken: Promise<unknown> | undefined;
    await db.transaction(async (tx) => {
      assert.ok(await isRowFree(tx, 'jobs', first ?? ''));
      const words = leases.map((lease) => ({ ...reportOf(lease, 'completed'), retry: null }));
      taken = applyAttemptWords(db, siteId, words);
      while (!(await isAnyoneWaiting(db)));
      assert.ok(await isRowFree(tx, 'jobs', last ?? ''));
    });
    await taken;
  });

  test('a job goes from queued to completed, and its history says so', async () => {
    const pilotId = await addPilot(db, siteId, 4);
    const [job] = await addJobs(db, { label: 'plain', urgency: 'urgent', deadlineAt: at(60) });
    const jobId = job?.id ?? '';
    assert.equal(await stateOf(db, jobId), 'queued');
    assert.equal(await placeAt(db, siteId), 1);
    assert.deepEqual(await readyAtSites(db), [{ siteId, scratchCollection: 'site-scratch' }]);
    const [lease] = await leaseAt(db, siteId);
    assert.ok(lease);
    assert.deepEqual(
      [lease.jobId, lease.attempt, lease.pilotId, lease.spec.resources.walltimeSeconds],
      [jobId, 1, pilotId, 600],
    );
    assert.deepEqual(await leasedJobsOfSite(db, siteId), [lease]);
    const [active] = await applyReports(db, siteId, reportOf(lease, 'started'));
    assert.equal(active?.state, 'active');
    const outputs = [{ name: 'a', location: 'site-scratch:/a', sizeBytes: 4, sha256: null }];
    const report = reportOf(lease, 'completed', { outputs });
    const done = await applyReports(db, siteId, report);
    assert.equal(done[0]?.state, 'completed');
    await keepJobPreview(db, { ...report, preview: { ...preview, figures: [] } }, 'x:/p.json');
    assert.equal((await previewAtLocation(db, 'x:/p.json'))?.kind, 'image');
    const [listed] = await listJobs(db, { projects: ['demo'], label: 'PLAIN', limit: 5 });
    assert.equal(listed?.siteName, 'site');
    assert.deepEqual(listed?.outputs, outputs);
    assert.equal(listed?.deadlineAt, at(60));
    assert.deepEqual(await kindsOf(jobId), [
      'job.queued',
      'job.placed',
      'job.started',
      'job.completed',
    ]);
    const [attempt] = await listAttempts(db, jobId);
    assert.deepEqual(
      [attempt?.outcome, attempt?.argv, attempt?.startedAt, attempt?.endedAt],
      ['completed', ['true'], at(10), at(20)],
    );
  });

  test('of very many attempts the last ones are shown', async () => {
    const [job] = await addJobs(db, {});
    const last = limits.attemptsShown + 50;
    await db.query(
      `insert into job_attempts (job_id, number, site_name, argv, leased_at, outcome)
       select $1, n, 'site', '[]', now(), 'released' from generate_series(1, $2::int) n`,
      [job?.id, last],
    );
    const numbers = (await listAttempts(db, job?.id ?? '')).map(({ number }) => number);
    assert.deepEqual([numbers.length, numbers[0], numbers.at(-1)], [200, 51, last]);
    await cancelOpenJobs(db, [job?.id ?? ''], { at: at(1), actor: null, reason: 'x' });
  });

  test('late, doubled and foreign words change nothing', async () => {
    const { site, lease } = await leased('late');
    const ignored = async (report: ReturnType<typeof reportOf>, from = site): Promise<void> => {
      const row = await findJob(db, lease.jobId);
      const events = await kindsOf(lease.jobId);
      assert.deepEqual(await applyReports(db, from, report), []);
      assert.deepEqual(await findJob(db, lease.jobId), row);
      assert.deepEqual(await kindsOf(lease.jobId), events);
    };
    await ignored(reportOf({ ...lease, attempt: 2 }, 'started'));
    await ignored(reportOf({ ...lease, attempt: 0 }, 'completed'));
    await ignored(reportOf({ ...lease, pilotId: newTestId('pilot') }, 'completed'));
    await ignored(reportOf(lease, 'completed'), siteId);
    await applyReports(db, site, reportOf(lease, 'started'));
    await ignored(reportOf(lease, 'started'));
    await applyReports(db, site, reportOf(lease, 'completed'));
    for (const event of ['started', 'completed', 'failed', 'canceled'] as const) {
      await ignored(reportOf(lease, event));
    }
    assert.deepEqual(await outcomes(lease.jobId), ['1 completed']);
    const late = reportOf({ ...lease, attempt: 2 }, 'completed');
    await keepJobPreview(db, { ...late, preview: { ...preview, figures: [] } }, 'late:/p.json');
    assert.equal(await previewAtLocation(db, 'late:/p.json'), null);
  });

  test('a lost pilot makes its work ready again, and counts only what had begun', async () => {
    const { site, lease } = await leased('losing');
    let current = lease;
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      assert.equal(current.attempt, attempt);
      await applyReports(db, site, reportOf(current, 'started'));
      const back = await takeBackFromPilots(db, [current.pilotId], at(30), 'the node went down');
      const state = attempt < 5 ? 'ready' : 'failed';
      assert.deepEqual(
        back.map((job) => [job.jobId, job.state]),
        [[lease.jobId, state]],
      );
      assert.deepEqual(await applyReports(db, site, reportOf(current, 'completed')), []);
      if (state === 'failed') break;
      await endPilot(db, site, current.pilotId);
      await addPilot(db, site, 1);
      current = (await leaseAt(db, site))[0] ?? assert.fail('no lease');
    }
    assert.deepEqual(await outcomes(lease.jobId), [
      '1 lost',
      '2 lost',
      '3 lost',
      '4 lost',
      '5 lost',
    ]);
    const waiting = await leased('prefetched');
    for (let round = 0; round < 8; round += 1) {
      const [held] = await leasedJobsOfSite(db, waiting.site);
      const pilot = held?.pilotId ?? '';
      assert.equal((await takeBackFromPilots(db, [pilot], at(40), 'x'))[0]?.state, 'ready');
      await leaseAt(db, waiting.site);
    }
  });

  test('a lost site gives its work back to the queue, for elsewhere', async () => {
    const { site, lease } = await leased('silent');
    await applyReports(db, site, reportOf(lease, 'started'));
    const [back] = await takeBackFromSite(db, site, at(30), 'not heard of');
    assert.equal(back?.state, 'queued');
    assert.deepEqual(await staleAttempts(db, site, [lease]), [
      { jobId: lease.jobId, attempt: 1, pilotId: lease.pilotId },
    ]);
    assert.deepEqual(await applyReports(db, site, reportOf(lease, 'completed')), []);
    const elsewhere = await addSite(db, 'elsewhere');
    await addPilot(db, elsewhere, 1);
    await placeAt(db, elsewhere);
    const [second] = await leaseAt(db, elsewhere);
    assert.equal(second?.attempt, 2);
    assert.deepEqual(await staleAttempts(db, elsewhere, second ? [second] : []), []);
    assert.deepEqual(await outcomes(lease.jobId), ['1 lost', '2 null']);
  });

  test('a canceled job stays so, and its pilot is among those to be told', async () => {
    const { site, lease } = await leased('canceling');
    const { jobId, attempt, pilotId } = lease;
    const asked = { at: at(30), actor: 'user_1', reason: 'asked for' };
    const [canceled] = await cancelOpenJobs(db, [jobId], asked);
    assert.equal(canceled?.pilotId, pilotId);
    assert.deepEqual(await cancelOpenJobs(db, [jobId], asked), []);
    assert.equal(await failJob(db, jobId, at(31), 'too late'), undefined);
    assert.deepEqual(await canceledAttempts(db, site, at(0)), [{ jobId, attempt, pilotId }]);
    assert.deepEqual(await canceledAttempts(db, site, at(40)), []);
    assert.deepEqual(await takeBackFromPilots(db, [pilotId], at(32), 'x'), []);
    assert.deepEqual(await outcomes(jobId), ['1 canceled']);
  });

  test('leases fill every pilot first, then keep some at hand, never more than fits', async () => {
    const site = await addSite(db, 'leasing');
    const pilots = [await addPilot(db, site, 2), await addPilot(db, site, 4)];
    await addJobs(db, ...Array.from({ length: 40 }, () => ({})));
    await placeAt(db, site);
    const first = await leaseAt(db, site);
    const held = (some: readonly LeasedJob[], pilot: string | undefined): number =>
      some.filter(({ pilotId }) => pilotId === pilot).length;
    assert.deepEqual(
      [held(first.slice(0, 6), pilots[0]), held(first.slice(0, 6), pilots[1])],
      [2, 4],
    );
    assert.deepEqual([held(first, pilots[0]), held(first, pilots[1])], [6, 12]);
    assert.deepEqual(await leaseAt(db, site), []);
    const ended = first.slice(0, 3).map((lease) => reportOf(lease, 'completed'));
    await applyReports(db, site, ...ended);
    assert.equal((await leaseAt(db, site)).length, 3);
  });

  test('the most urgent and then the earliest deadline goes first', async () => {
    const site = await addSite(db, 'ordering');
    await addJobs(
      db,
      { label: 'backfill', urgency: 'backfill', deadlineAt: at(1) },
      { label: 'no deadline' },
      { label: 'late', deadlineAt: at(90) },
      { label: 'soon', deadlineAt: at(9) },
      { label: 'urgent', urgency: 'urgent' },
    );
    await placeAt(db, site);
    await addPilot(db, site, 5);
    const labels: string[] = [];
    for (const { jobId } of await leaseAt(db, site)) {
      labels.push((await findJob(db, jobId))?.label ?? '');
    }
    const order = ['urgent', 'soon', 'late', 'no deadline', 'backfill'];
    assert.deepEqual(labels, order);
  });

  test('many that lease at once give every job once and no core twice', async () => {
    const site = await addSite(db, 'racing');
    const pilots = [await addPilot(db, site, 3), await addPilot(db, site, 3)];
    await addJobs(db, ...Array.from({ length: 60 }, () => ({})));
    await placeAt(db, site);
    const ready = Promise.withResolvers<void>();
    let waiting = 0;
    const lease = (): Promise<LeasedJob[] | undefined> =>
      db.transaction(async (tx) => {
        waiting += 1;
        if (waiting === 6) ready.resolve();
        await ready.promise;
        const jobs = (await leaseReadyJobs(tx, site, at(2), { wait: true }))?.leased;
        await listAttempts(tx, 'none'); // a moment before the commit
        return jobs;
      });
    const all = (await Promise.all([1, 2, 3, 4, 5, 6].map(lease))).flatMap((jobs) => jobs ?? []);
    assert.equal(all.length, 18);
    assert.equal(new Set(all.map(({ jobId }) => jobId)).size, 18);
    for (const pilot of pilots) {
      assert.equal(all.filter(({ pilotId }) => pilotId === pilot).length, 9);
    }
  });

  test('who holds other locks does not wait for one that leases at the same site', async () => {
    const site = await addSite(db, 'contended');
    await db.transaction(async (tx) => {
      assert.deepEqual((await leaseReadyJobs(tx, site, at(2), { wait: false }))?.leased, []);
      const beside = db.transaction((other) => leaseReadyJobs(other, site, at(2), { wait: false }));
      assert.equal(await beside, undefined);
    });
  });

  test('two that place at once take different jobs', async () => {
    await addJobs(db, ...Array.from({ length: 20 }, () => ({})));
    const both = Promise.withResolvers<void>();
    let here = 0;
    const take = (): Promise<string[]> =>
      db.transaction(async (tx) => {
        const jobs = await lockQueuedJobs(tx, 10, at(1));
        here += 1;
        if (here === 2) both.resolve();
        await both.promise;
        return jobs.map(({ id }) => id);
      });
    const [one, two] = await Promise.all([take(), take()]);
    assert.equal(new Set([...one, ...two]).size, 20);
    await placeAt(db, await addSite(db, 'placing'));
  });

  test('jobs that cannot be placed say why, all of a kind at once', async () => {
    const [job, alike, other] = await addJobs(db, {}, {}, { urgency: 'urgent' });
    const jobId = job?.id ?? newTestId('job');
    const considered = [{ siteName: 'a', refusal: 'has no GPU', estimate: null }];
    const reason = 'no site can take it';
    const kind = { urgency: 'normal' as const, project: 'demo', app: null, reason, considered };
    const specId = job?.specId ?? 0;
    await markUnplaced(db, [{ specId, ...kind }]);
    for (const id of [jobId, alike?.id ?? '']) {
      const row = (await findJob(db, id)) ?? assert.fail();
      assert.deepEqual([row.reason, await consideredFor(db, row)], [reason, considered]);
    }
    assert.equal((await findJob(db, other?.id ?? ''))?.reason, null);
    const kept = async () => (await db.query('select from placements')).length;
    const before = await kept();
    await markUnplaced(db, [{ specId, ...kind }]);
    assert.equal(await kept(), before, 'the same again is not written again');
    await forgetPlacements(db);
    const used = await kept();
    const changed = [{ siteName: 'a', refusal: 'is away', estimate: null }];
    await markUnplaced(db, [{ specId, ...kind, reason: 'another', considered: changed }]);
    assert.deepEqual([await kept(), await forgetPlacements(db)], [used + 1, 1]);
    const again = (await findJob(db, jobId)) ?? assert.fail();
    assert.deepEqual([await consideredFor(db, again), await kept()], [changed, used]);
    const passed = [{ specId, ...kind }];
    const left = await db.transaction((tx) =>
      lockQueuedJobs(tx, 10, at(1), { jobIds: null, passed }),
    );
    assert.deepEqual(
      left.map(({ id }) => id),
      [other?.id],
    );
    const ids = [jobId, alike?.id ?? '', other?.id ?? ''];
    await cancelOpenJobs(db, ids, { at: at(1), actor: null, reason: 'x' });
    assert.deepEqual(await markStaged(db, [jobId], at(2)), []);
  });

  test('what was observed is what the placer sees', async () => {
    const site = await addSite(db, 'observed');
    await addPilot(db, site, 4);
    const seen = { siteId: site, app: 'fit', outputBytes: 10 };
    await observeRuns(db, [{ ...seen, count: 1, runSeconds: 2 }]);
    await observeRuns(db, [{ ...seen, count: 1, runSeconds: 4 }]);
    const snapshots = await readSiteSnapshots(db, at(5), 10);
    const snapshot = snapshots.find(({ id }) => id === site);
    assert.deepEqual(snapshot?.runSeconds, { fit: 3 });
    assert.equal(snapshot?.pools[0]?.coresTotal, 4);
    assert.deepEqual(snapshot?.outputBytes, { fit: 10 });
    assert.equal(snapshot?.status, 'up');
    assert.equal((await findSite(db, 'observed'))?.counts.pilots, 1);
    assert.deepEqual(await sizesOfLocations(db, ['raw:/none']), new Map());
  });
});
