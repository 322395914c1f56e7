import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SiteId } from '@interpulse/domain/id.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import {
  addJobs,
  addPilot,
  addSite,
  applyReports,
  at,
  leaseAt,
  newTestId,
  placeAt,
  reportOf,
  stateOf,
} from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { listEvents } from '../events/list-events.ts';
import { findTransfer, insertTransfers } from '../transfers/transfers.ts';
import { markStaged } from './place-jobs.ts';
import { findJob } from './read-jobs.ts';
import { recallJobs } from './recall-jobs.ts';
import { readWaiting, sitesWithWaiting } from './waiting-lines.ts';

withDatabases('recalled jobs', (openFresh) => {
  let db: Database;
  let alpha: SiteId;
  let beta: SiteId;
  before(async () => {
    db = await openFresh();
    alpha = await addSite(db, 'alpha');
    beta = await addSite(db, 'beta');
  });

  const move = (jobId: string, fromSiteId = alpha) => {
    const reason = 'moved from alpha: beta can begin it now';
    return { jobId, fromSiteId, toSiteId: beta, reason };
  };
  const idsOf = (jobs: readonly { id: string }[]) => jobs.map(({ id }) => id);
  const waitingAt = async (siteId: SiteId) => {
    const { jobs } = await readWaiting(db, [siteId]);
    return idsOf(jobs);
  };

  test('only what no pilot has, and what is still where it was seen', async () => {
    await addPilot(db, alpha, 1);
    const [runs] = await addJobs(db, {});
    await placeAt(db, alpha);
    const [lease] = await leaseAt(db, alpha);
    assert.ok(lease && runs);
    assert.deepEqual(await recallJobs(db, [move(runs.id)], at(3)), []);
    await applyReports(db, alpha, reportOf(lease, 'started'));
    assert.deepEqual(await recallJobs(db, [move(runs.id)], at(3)), []);
    assert.equal(await stateOf(db, runs.id), 'active');

    const [waits, elsewhere] = await addJobs(db, {}, {});
    assert.ok(waits && elsewhere);
    assert.deepEqual(await recallJobs(db, [move(waits.id)], at(3)), [], 'it is not placed yet');
    await placeAt(db, alpha);
    const moves = [move(waits.id), move(elsewhere.id, beta)];
    const recalled = await recallJobs(db, moves, at(3));
    assert.deepEqual(recalled, [{ jobId: waits.id, fromSiteId: alpha, wasStaging: false }]);
    const { state, site_id: siteId, placed_at: placedAt } = (await findJob(db, waits.id)) ?? {};
    assert.deepEqual([state, siteId, placedAt], ['queued', null, null]);
    assert.equal(await stateOf(db, elsewhere.id), 'ready');
    const events = await listEvents(db, { projects: null, subjectId: waits.id, limit: 9 });
    const [recall] = events.filter(({ kind }) => kind === 'job.recalled');
    assert.deepEqual(recall?.data, { siteId: alpha, reason: move('').reason });

    await placeAt(db, beta);
    const { jobs } = await readWaiting(db, [beta]);
    assert.deepEqual([jobs[0]?.id, jobs[0]?.moves, jobs[0]?.placedAt], [waits.id, 1, at(1)]);
    await applyReports(db, alpha, reportOf(lease, 'completed'));
    await db.query("update jobs set state = 'canceled' where state = 'ready'");
  });

  test('transfers of inputs end with it, and do not make it ready where they went', async () => {
    const [job] = await addJobs(db, {});
    assert.ok(job);
    await placeAt(db, alpha, true);
    const transferId = newTestId('transfer');
    const about = {
      label: '',
      project: 'demo',
      ownerId: 'user_1',
      flowRunId: null,
      flowStep: null,
    };
    const way = { source: 'beta-scratch', destination: 'alpha-scratch', items: [], secret: '' };
    await insertTransfers(db, [{ id: transferId, jobId: job.id, ...about, ...way }], at(1));
    assert.deepEqual(await waitingAt(alpha), [job.id]);
    const recalled = await recallJobs(db, [move(job.id)], at(3));
    assert.equal(recalled[0]?.wasStaging, true);
    const transfer = await findTransfer(db, transferId);
    assert.deepEqual(
      [transfer?.state, transfer?.reason],
      ['canceled', 'its job goes to another site'],
    );
    assert.deepEqual(await markStaged(db, [job.id], at(4)), []);
    assert.equal(await stateOf(db, job.id), 'queued');
    await db.query("update jobs set state = 'canceled' where id = $1", [job.id]);
  });

  test('the last in line come first, and those bound to the site not at all', async () => {
    const jobs = await addJobs(
      db,
      { priority: 1 },
      { spec: { siteWish: 'alpha' } },
      { deadlineAt: at(60) },
      {},
      { urgency: 'urgent' },
      {},
    );
    await placeAt(db, alpha);
    const [first, , due, plain, urgent, last] = jobs.map(({ id }) => id);
    assert.deepEqual(await waitingAt(alpha), [urgent, last, plain, due, first]);
    const [seen] = (await readWaiting(db, [alpha])).jobs;
    assert.deepEqual([seen?.site, seen?.resources.walltimeSeconds], ['any', 600]);
    await db.query("update jobs set state = 'canceled' where state = 'ready'");
  });

  test('a short question tells whether anything may have to move', async () => {
    assert.deepEqual(await sitesWithWaiting(db, at(5)), []);
    await addJobs(db, {});
    await placeAt(db, alpha);
    assert.deepEqual(await sitesWithWaiting(db, at(5)), [alpha]);
    await db.query('update sites set closed = true where id = $1', [beta]);
    assert.deepEqual(await sitesWithWaiting(db, at(5)), [], 'there is nowhere to go');
    await db.query('update sites set closed = false where id = $1', [beta]);
    const pilotId = await addPilot(db, beta, 1);
    await addJobs(db, {}, { spec: { siteWish: 'beta' } });
    await placeAt(db, beta);
    const { lastLeases } = await readWaiting(db, [alpha]);
    assert.deepEqual(new Map(lastLeases.map((at) => [at.siteId, at.lastLeaseAt])).get(beta), null);
    const [lease] = await leaseAt(db, beta);
    assert.equal(lease?.pilotId, pilotId);
    const after = (await readWaiting(db, [alpha])).lastLeases;
    assert.equal(after.find(({ siteId }) => siteId === beta)?.lastLeaseAt, at(2));
  });
});
