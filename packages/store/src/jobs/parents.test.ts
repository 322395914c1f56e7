import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SiteId } from '@interpulse/domain/id.ts';
import { isAnyoneWaiting } from '@interpulse/testing/database/is-anyone-waiting.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import {
  addJobs,
  addPilot,
  addSite,
  applyReports,
  at,
  leaseAt,
  placeAt,
  reportOf,
  stateOf,
} from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { cancelOpenJobs } from './cancel-jobs.ts';
import type { NewJob } from './insert-jobs.ts';
import { keepSpecs, readSpecs } from './job-specs.ts';
import type { LeasedJob } from './lease-jobs.ts';
import type { Executor } from '../executor.ts';
import { lockChildrenOf, lockParents, settleWaiting } from './parents.ts';
import { lockQueuedJobs, nextQueuedAt } from './place-jobs.ts';
import { findJob, listAttempts } from './read-jobs.ts';
import { applyAttemptWords, noteCanceledUse } from './report-jobs.ts';
import { lockReturningJobs, markReturned } from './return-outputs.ts';
import { retryEndedJobs } from './retry-jobs.ts';

async function settleChildren(tx: Executor, endedIds: readonly string[], now: string) {
  return settleWaiting(tx, await lockChildrenOf(tx, endedIds), now);
}

const canceled = { at: at(30), actor: null, reason: 'asked for' };

withDatabases('jobs that wait for others', (openFresh) => {
  let db: Database;
  let site: SiteId;
  let leases: LeasedJob[] = [];

  before(async () => {
    db = await openFresh();
    site = await addSite(db, 'site');
    await addPilot(db, site, 100);
  });

  const add = async (...fields: Parameters<typeof addJobs>[1][]): Promise<NewJob[]> => {
    const jobs = await addJobs(db, ...fields);
    await placeAt(db, site);
    leases = [...leases, ...(await leaseAt(db, site))];
    return jobs;
  };
  const leaseOf = (job: NewJob | undefined): LeasedJob =>
    leases.findLast(({ jobId }) => jobId === job?.id) ?? assert.fail('no lease');
  const end = (job: NewJob | undefined, event: 'completed' | 'failed' = 'completed') =>
    applyReports(db, site, reportOf(leaseOf(job), event, { reason: null }));

  test('two parents that end at the same moment queue their child once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = await add({}, {});
      const parents = [a?.id ?? 'job_', b?.id ?? 'job_'];
      const [child] = await add({ parents });
      const bothEnded = Promise.withResolvers<void>();
      let ended = 0;
      const endInOwn = (job: NewJob | undefined) =>
        db.transaction(async (tx) => {
          const word = { ...reportOf(leaseOf(job), 'completed'), retry: null };
          await applyAttemptWords(tx, site, [word]);
          ended += 1;
          if (ended === 2) bothEnded.resolve();
          await bothEnded.promise;
          return settleChildren(tx, [job?.id ?? ''], at(40));
        });
      const settled = (await Promise.all([endInOwn(a), endInOwn(b)])).flat();
      assert.deepEqual(
        settled.map(({ jobId, state }) => [jobId, state]),
        [[child?.id, 'queued']],
      );
      await cancelOpenJobs(db, [child?.id ?? ''], canceled);
    }
  });

  test('a parent does not end while its child is being submitted', async () => {
    const [parent] = await add({});
    const id = parent?.id ?? 'job_';
    const locked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const submitting = db.transaction(async (tx) => {
      const [known] = await lockParents(tx, [id]);
      assert.equal(known?.state, 'ready');
      locked.resolve();
      await go.promise;
      await tx.query(
        `insert into job_parents (job_id, parent_id)
         values ('job_child', $1)`,
        [id],
      );
    });
    await locked.promise;
    const ending = db.transaction(async (tx) => {
      await applyAttemptWords(tx, site, [
        { ...reportOf(leaseOf(parent), 'completed'), retry: null },
      ]);
      return tx.query('select job_id from job_parents where parent_id = $1', [id]);
    });
    go.resolve();
    await submitting;
    assert.equal((await ending).length, 1);
  });

  test('what fails because of a parent is run again with it, and settled anew', async () => {
    const [bad, good] = await add({}, {});
    const parents = [bad?.id ?? 'job_', good?.id ?? 'job_'];
    const [child, stubborn] = await add({ parents }, { parents, spec: { onParentFailure: 'run' } });
    await end(bad, 'failed');
    const settled = await settleChildren(db, [bad?.id ?? ''], at(40));
    assert.deepEqual(
      settled.map(({ jobId, state }) => [jobId, state]),
      [[child?.id, 'failed']],
    );
    await end(good);
    const [runs] = await settleChildren(db, [good?.id ?? ''], at(41));
    assert.deepEqual([runs?.jobId, runs?.state], [stubborn?.id, 'queued']);
    const retried = await retryEndedJobs(db, [bad?.id ?? ''], at(42), 'user_1');
    assert.deepEqual(
      new Map(retried.map(({ jobId, state }) => [jobId as string | undefined, state])),
      new Map<string | undefined, string>([
        [bad?.id, 'queued'],
        [child?.id, 'waiting'],
      ]),
    );
    assert.deepEqual(await settleWaiting(db, [child?.id ?? ''], at(43)), []);
    await add();
    await end(bad);
    assert.equal((await settleChildren(db, [bad?.id ?? ''], at(44)))[0]?.state, 'queued');
    assert.deepEqual(await retryEndedJobs(db, [good?.id ?? ''], at(45), null), []);
    await cancelOpenJobs(db, [child?.id ?? '', stubborn?.id ?? ''], canceled);
  });

  test('a parent that ends while its child is run again is not overlooked', async () => {
    const [parent] = await add({});
    const [child] = await add({ parents: [parent?.id ?? 'job_'] });
    const childId = child?.id ?? '';
    await cancelOpenJobs(db, [childId], canceled);
    const isEnding = Promise.withResolvers<void>();
    const settleNow = Promise.withResolvers<void>();
    const ending = db.transaction(async (tx) => {
      const word = { ...reportOf(leaseOf(parent), 'completed'), retry: null };
      await applyAttemptWords(tx, site, [word]);
      isEnding.resolve();
      await settleNow.promise;
      return settleChildren(tx, [parent?.id ?? ''], at(51));
    });
    await isEnding.promise;
    await db.transaction(async (tx) => {
      const retrying = retryEndedJobs(tx, [childId], at(50), null).then(() =>
        settleWaiting(tx, [childId], at(51)),
      );
      const hasSettled = retrying.then(() => true);
      while (!(await Promise.race([hasSettled, isAnyoneWaiting(db)])));
      settleNow.resolve();
      await Promise.all([retrying, ending]);
    });
    assert.equal(await stateOf(db, childId), 'queued');
    await cancelOpenJobs(db, [childId], canceled);
  });

  test('one that is tried again is not looked at before its time', async () => {
    const [job] = await add({});
    const lease = leaseOf(job);
    const [wider] = await keepSpecs(db, [{ ...(await specOf(job)), allocation: 'other' }]);
    const retry = { notBeforeAt: at(600), specId: wider ?? null, cores: 3 };
    const word = { ...reportOf(lease, 'failed'), retry };
    const [retried] = await applyAttemptWords(db, site, [word]);
    assert.equal(retried?.state, 'queued');
    const row = (await findJob(db, lease.jobId)) ?? assert.fail();
    assert.deepEqual(
      [row.not_before_at, row.error_retries, row.site_id, row.pilot_id, row.allocation],
      [at(600), 1, null, null, 'other'],
    );
    const ids = async (now: string) =>
      (await db.transaction((tx) => lockQueuedJobs(tx, 10, now))).map(({ id }) => id);
    assert.deepEqual(await ids(at(599)), []);
    assert.equal(await nextQueuedAt(db, at(599)), at(600));
    assert.deepEqual(await ids(at(600)), [lease.jobId]);
    assert.equal(await nextQueuedAt(db, at(600)), null);
    await cancelOpenJobs(db, [lease.jobId], canceled);
  });

  const specOf = async (job: NewJob | undefined) => {
    const spec = (await readSpecs(db, [job?.specId ?? 0])).get(job?.specId ?? 0);
    return spec ?? assert.fail('no spec');
  };

  test('alike specs are kept once, whatever the order of their keys', async () => {
    const [job] = await add({ spec: { environment: { A: '1', B: '2' } } });
    const spec = await specOf(job);
    const turned = { ...spec, environment: { B: '2', A: '1' } };
    assert.deepEqual(await keepSpecs(db, [turned, spec]), [job?.specId, job?.specId]);
    const both = await Promise.all([
      keepSpecs(db, [{ ...spec, allocation: 'x' }]),
      keepSpecs(db, [{ ...spec, allocation: 'x' }]),
    ]);
    assert.deepEqual(both[0], both[1]);
    await end(job);
  });

  test('a job whose outputs return completes when they have, with their new places', async () => {
    const [job] = await add({ returnTo: 'results:/x' });
    const output = { name: 'a', location: 'site-scratch:/a', sizeBytes: 1, sha256: null };
    const word = { ...reportOf(leaseOf(job), 'completed', { outputs: [output] }), retry: null };
    const [returning] = await applyAttemptWords(db, site, [word]);
    assert.deepEqual(returning?.returning, {
      returnTo: 'results:/x',
      project: 'demo',
      ownerId: 'user_1',
    });
    assert.deepEqual(await applyAttemptWords(db, site, [word]), [], 'a doubled word ends nothing');
    const jobId = job?.id ?? '';
    const [held] = await db.transaction((tx) => lockReturningJobs(tx, [jobId]));
    assert.deepEqual([held?.open, held?.outputs.length], [0, 1]);
    const moved = [{ ...output, location: 'results:/x/a' }];
    assert.equal((await markReturned(db, jobId, moved, at(50)))?.state, 'completed');
    assert.equal(await markReturned(db, jobId, moved, at(51)), undefined);
    assert.deepEqual((await findJob(db, jobId))?.outputs, moved);
    assert.equal(await stateOf(db, jobId), 'completed');
  });

  test('what a canceled attempt had used is kept when its pilot says so', async () => {
    const [job] = await add({});
    const lease = leaseOf(job);
    await applyReports(db, site, reportOf(lease, 'started'));
    await cancelOpenJobs(db, [lease.jobId], canceled);
    const report = reportOf(lease, 'canceled', { signal: 'SIGTERM' });
    assert.deepEqual(await applyReports(db, site, report), []);
    await noteCanceledUse(db, [report]);
    const [attempt] = await listAttempts(db, lease.jobId);
    assert.deepEqual(
      [attempt?.outcome, attempt?.usage?.wallSeconds, attempt?.signal],
      ['canceled', 10, 'SIGTERM'],
    );
  });
});
