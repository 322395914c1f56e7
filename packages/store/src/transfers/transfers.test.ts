import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SiteId } from '@interpulse/domain/id.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import {
  addJobs,
  addSite,
  at,
  newTestId,
  placeAt,
  stateOf,
} from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { listEvents } from '../events/list-events.ts';
import { cancelOpenJobs } from '../jobs/cancel-jobs.ts';
import { failJob, takeBackFromSite } from '../jobs/take-back-jobs.ts';
import { markStaged } from '../jobs/place-jobs.ts';
import { readSiteSnapshots } from '../sites/read-site-snapshots.ts';
import { noteSiteSeen, silenceSites } from '../sites/watch-sites.ts';
import {
  cancelTransfer,
  endTransferAttempts,
  noteProgress,
  type TransferEnd,
} from './change-transfers.ts';
import {
  activeTransfersOfSite,
  openTransfers,
  canceledTransfers,
  dispatchTransfers,
  findTransfer,
  insertTransfers,
  listTransfers,
  nextTransferAt,
  observeLinkRate,
  type NewTransfer,
} from './transfers.ts';

withDatabases('transfers', (openFresh) => {
  let db: Database;
  let from: SiteId;
  let to: SiteId;

  before(async () => {
    db = await openFresh();
    from = await addSite(db, 'from');
    to = await addSite(db, 'to');
  });

  const add = async (fields: Partial<NewTransfer> = {}): Promise<NewTransfer> => {
    const transfer: NewTransfer = {
      id: newTestId('transfer'),
      label: '',
      project: 'demo',
      ownerId: 'user_1',
      jobId: null,
      flowRunId: null,
      flowStep: null,
      source: 'from-scratch',
      destination: 'to-scratch',
      items: [{ source: 'from-scratch:/a', destination: 'to-scratch:/a', recursive: false }],
      secret: 'secret',
      ...fields,
    };
    await insertTransfers(db, [transfer], at(0));
    return transfer;
  };
  const endOf = (id: NewTransfer['id'], fields: Partial<TransferEnd> = {}): TransferEnd => ({
    id,
    attempt: 1,
    state: 'succeeded',
    reason: null,
    notBeforeAt: null,
    bytesDone: 7,
    filesDone: 1,
    files: [],
    ...fields,
  });
  const end = async (it: TransferEnd, siteId = to) =>
    (await endTransferAttempts(db, siteId, [it], at(5)))[0];
  const kindsOf = async (id: string): Promise<string[]> => {
    const events = await listEvents(db, { projects: null, subjectId: id, limit: 100 });
    return events.map((event) => event.kind);
  };

  test('a transfer whose ends answer goes at once, another when they do, and once', async () => {
    await silenceSites(db, at(100));
    const { id } = await add();
    assert.equal((await findTransfer(db, id))?.state, 'queued');
    assert.deepEqual(await dispatchTransfers(db, at(1), 10), []);
    for (const site of [from, to]) await noteSiteSeen(db, site, at(1));
    const both = await Promise.all([
      db.transaction((tx) => dispatchTransfers(tx, at(1), 10)),
      db.transaction((tx) => dispatchTransfers(tx, at(1), 10)),
    ]);
    const [open] = both.flat();
    assert.equal(both.flat().length, 1);
    assert.deepEqual(
      [open?.id, open?.attempt, open?.sourceSiteId, open?.destinationSiteId],
      [id, 1, from, to],
    );
    assert.deepEqual(await activeTransfersOfSite(db, from), [open]);
    assert.deepEqual(await activeTransfersOfSite(db, to), [open]);
    const none = newTestId('transfer');
    assert.deepEqual(await openTransfers(db, [id, none]), [id]);
    await noteProgress(db, to, [
      { transferId: id, attempt: 1, bytesDone: 3, bytesTotal: 9, filesDone: 0 },
    ]);
    await noteProgress(db, to, [
      { transferId: id, attempt: 2, bytesDone: 8, bytesTotal: 9, filesDone: 0 },
    ]);
    await noteProgress(db, from, [
      { transferId: id, attempt: 1, bytesDone: 8, bytesTotal: 9, filesDone: 0 },
    ]);
    const seen = await findTransfer(db, id);
    assert.deepEqual([seen?.bytesDone, seen?.bytesTotal, seen?.state], [3, 9, 'active']);
    const done = await end(endOf(id));
    assert.equal(done?.state, 'succeeded');
    assert.deepEqual(await kindsOf(id), [
      'transfer.queued',
      'transfer.dispatched',
      'transfer.succeeded',
    ]);
    const [listed] = await listTransfers(db, { projects: ['demo'], state: 'succeeded', limit: 5 });
    assert.equal(listed?.id, id);
  });

  test('only the receiving site’s word on the current attempt counts', async () => {
    const { id } = await add();
    assert.equal(await end(endOf(id), from), undefined);
    assert.equal(await end(endOf(id, { attempt: 2 })), undefined);
    const again = { state: 'queued' as const, reason: 'cut', notBeforeAt: at(8) };
    assert.equal((await end(endOf(id, again)))?.state, 'queued');
    assert.equal(await end(endOf(id)), undefined);
    assert.deepEqual(await dispatchTransfers(db, at(7), 10), []);
    assert.equal(await nextTransferAt(db, at(7)), at(8));
    assert.equal((await dispatchTransfers(db, at(8), 10))[0]?.attempt, 2);
    assert.equal(await end(endOf(id)), undefined);
    assert.ok(await end(endOf(id, { attempt: 2 })));
    assert.equal(await end(endOf(id, { attempt: 2 })), undefined);
    assert.equal((await kindsOf(id)).filter((kind) => kind.endsWith('succeeded')).length, 1);
  });

  test('a canceled transfer stays so, and both ends are to be told', async () => {
    const { id } = await add();
    assert.equal((await cancelTransfer(db, id, at(2), 'user_1', 'asked for'))?.state, 'canceled');
    assert.equal(await cancelTransfer(db, id, at(3), null, 'again'), undefined);
    assert.equal(await end(endOf(id)), undefined);
    assert.deepEqual(await canceledTransfers(db, from, at(0)), [id]);
    assert.deepEqual(await canceledTransfers(db, to, at(0)), [id]);
    assert.deepEqual(await canceledTransfers(db, to, at(60)), []);
  });

  test('two inputs that arrive at the same moment make their job ready exactly once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [job] = await addJobs(db, {});
      const jobId = job?.id ?? '';
      await placeAt(db, to, true);
      const inputs = [await add({ jobId }), await add({ jobId })];
      assert.deepEqual(await markStaged(db, [jobId], at(3)), []);
      const ready = Promise.withResolvers<void>();
      let ended = 0;
      const arrive = ({ id }: NewTransfer): Promise<string | undefined> =>
        db.transaction(async (tx) => {
          await endTransferAttempts(tx, to, [endOf(id)], at(5));
          ended += 1;
          if (ended === 2) ready.resolve();
          await ready.promise;
          return (await markStaged(tx, [jobId], at(5)))[0]?.siteId;
        });
      const answers = await Promise.all(inputs.map(arrive));
      assert.equal(answers.filter((answer) => answer === to).length, 1);
      assert.equal(answers.filter((answer) => answer === undefined).length, 1);
      assert.equal(await stateOf(db, jobId), 'ready');
      const events = await kindsOf(jobId);
      assert.equal(events.filter((kind) => kind === 'job.ready').length, 1);
      await cancelOpenJobs(db, [jobId], { at: at(9), actor: null, reason: 'x' });
    }
  });

  test('inputs of a job that ends or goes elsewhere are canceled, and say so', async () => {
    const ends = [
      (jobId: string) => cancelOpenJobs(db, [jobId], { at: at(4), actor: null, reason: 'x' }),
      (jobId: string) => failJob(db, jobId, at(4), 'x'),
      () => takeBackFromSite(db, to, at(4), 'x'),
    ];
    for (const end of ends) {
      const [job] = await addJobs(db, {});
      const jobId = job?.id ?? '';
      await placeAt(db, to, true);
      const { id } = await add({ jobId });
      await end(jobId);
      assert.equal((await findTransfer(db, id))?.state, 'canceled');
      assert.deepEqual(await kindsOf(id), ['transfer.dispatched', 'transfer.canceled']);
      await cancelOpenJobs(db, [jobId], { at: at(9), actor: null, reason: 'x' });
    }
  });

  test('a transfer waits for a silent site without being due', async () => {
    const { id } = await add();
    await end(endOf(id, { state: 'queued', notBeforeAt: at(6) }));
    await silenceSites(db, at(100));
    assert.deepEqual(await dispatchTransfers(db, at(50), 10), []);
    assert.equal(await nextTransferAt(db, at(50)), null);
  });

  test('links are learned as a moving average of the time of a byte', async () => {
    await observeLinkRate(db, 'from-scratch', 'to-scratch', 100);
    await observeLinkRate(db, 'from-scratch', 'to-scratch', 300);
    const snapshots = await readSiteSnapshots(db, at(1), 10);
    const snapshot = snapshots.find(({ id }) => id === to);
    assert.deepEqual(snapshot?.bytesPerSecond, { 'from-scratch': 150 });
    assert.match(snapshot?.statusReason ?? '', /not connected/);
  });

  test('where neither end can listen, a third site passes the bytes on', async () => {
    const channel = { host: '10.0.0.1', port: 7, fingerprint: null };
    for (const site of [from, to]) await noteSiteSeen(db, site, at(1));
    const relayOf = async (source = 'from-scratch'): Promise<unknown> => {
      const { id } = await add({ source });
      return (await activeTransfersOfSite(db, to)).find((open) => open.id === id)?.relay;
    };
    assert.equal(await relayOf(), null);
    const third = await addSite(db, 'third', { channel });
    assert.deepEqual(await relayOf(), { siteId: third, channel });
    assert.equal(await relayOf('third-scratch'), null);
  });
});
