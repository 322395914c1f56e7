import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FlowBatch, FlowBatchProgress } from '@interpulse/domain/flow-run/flow-batch.ts';
import type { Database } from '@interpulse/store/database.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

interface Told {
  batch: FlowBatch;
  progress: FlowBatchProgress;
}

/** Fails with a number in the reason where `bad` is given, waits where `slow` is, else ends. */
const definition = {
  StartAt: 'Which',
  States: {
    Which: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.bad', IsPresent: true, Next: 'Bad' },
        { Variable: '$.slow', IsPresent: true, Next: 'Slow' },
      ],
      Default: 'Good',
    },
    Bad: { Type: 'Fail', Error: 'Broken', CausePath: '$.bad' },
    Slow: { Type: 'Wait', Seconds: 3600, Next: 'Good' },
    Good: { Type: 'Pass', End: true },
  },
};

describe('how a bulk start goes', () => {
  let db: Database;
  let hub: TestHub;

  before(async () => {
    db = await openTestDatabase();
    hub = await startTestHub(db);
    await hub.saveFlow('mixed', definition);
  });
  after(async () => {
    await hub.stop();
    await db.close();
  });

  const start = async (path: string, body: object): Promise<string> => {
    const answer = await hub.send('POST', path, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return (answer.body['batch'] as { id: string }).id;
  };
  const told = (id: string, isReady: (batch: FlowBatch) => boolean): Promise<Told> =>
    until('the flow runs stand so', async () => {
      const { body } = await hub.send('GET', `/flow-batches/${id}`);
      const found = body as unknown as Told;
      return isReady(found.batch) ? found : undefined;
    });

  test('is told: failures by reason, durations, expected end, what was done again', async () => {
    const ids = ['flowrun_01m811yg2fe2y5rqc56hhj3kmx', 'flowrun_01m811zf0q5pt30xt2hg0y6fnw'];
    const bad = [`disk 7 of ${ids[0] ?? ''}`, `disk 12.5 of ${ids[1] ?? ''}`];
    const inputs = [...bad, 'no beam'].map((reason) => ({ bad: reason }));
    const all = [...inputs, {}, {}, { slow: true }, { slow: true }];
    const id = await start('/flow-runs/bulk', { flow: 'mixed', inputs: all, label: 'mixed' });
    const { batch, progress } = await told(
      id,
      ({ waiting, byStatus }) => waiting === 0 && byStatus.FAILED === 3 && byStatus.SUCCEEDED === 2,
    );
    assert.equal(batch.byStatus.ACTIVE, 2);
    assert.deepEqual(
      progress.failures.map(({ reason, count, examples }) => [reason, count, examples.length]),
      [
        [`Broken: ${bad[1] ?? ''}`, 2, 2],
        ['Broken: no beam', 1, 1],
      ],
    );
    assert.ok(progress.runSeconds !== null && progress.runSeconds.longest >= 0);
    assert.ok(Date.parse(progress.expectedEndAt ?? '') >= Date.now() - 60_000);
    assert.deepEqual(progress.doneAgain, []);
    const again = await start('/flow-runs/rerun', { filter: { batch: id, filter: 'failed' } });
    await told(again, ({ byStatus }) => byStatus.FAILED === 3);
    const later = await told(id, () => true);
    assert.deepEqual(later.progress.doneAgain, [{ id: again, count: 3, succeeded: 0 }]);
    await hub.send('POST', `/flow-batches/${id}/cancel`, {});
    const ended = await told(id, ({ byStatus }) => byStatus.ENDED === 2);
    assert.equal(ended.progress.expectedEndAt, null);
  });

  test('what failed is done again only where that is not done or under way yet', async () => {
    await hub.saveFlow('twice', definition);
    const id = await start('/flow-runs/bulk', {
      ...{ flow: 'twice', label: 'twice' },
      inputs: ['a', 'b', 'c', 'd'].map((reason) => ({ bad: reason })),
    });
    await hub.send('POST', `/flow-batches/${id}/wait`, {});
    const list = await hub.send('GET', `/flow-runs?batch=${id}`);
    const runs = (list.body['items'] as { id: string }[]).map((run) => run.id).toReversed();
    const [a = '', b = '', c = ''] = runs;
    const again = async (run: string, input: object): Promise<string> => {
      const body = { from: 'start', input };
      const answer = await hub.send('POST', `/flow-runs/${run}/rerun`, body);
      return String(answer.body['id']);
    };
    const failed = (filter: object) => ({ filter: { ...filter, filter: 'failed' }, dryRun: true });
    const count = async (body: object) =>
      (await hub.send('POST', '/flow-runs/rerun', body)).body['count'];
    const ofBatch = failed({ batch: id });
    assert.equal(await count(ofBatch), 4);
    await again(a, {});
    await again(b, { slow: true });
    const failedAgain = await again(c, { bad: 'still' });
    assert.equal(await count(ofBatch), 2, 'one has its answer, one is under way');
    assert.equal(await count(failed({ label: 'twice' })), 2, 'of tries that failed the last one');
    await again(failedAgain, {});
    assert.equal(await count(ofBatch), 1, 'its second try has the answer');
    assert.equal(await count({ flowRunIds: runs, dryRun: true }), 4, 'who names them means them');
    assert.equal(await count({ ...ofBatch, from: 'start' }), 4, 'so who begins at the start');
    const Bad = { Type: 'Pass', Next: 'Slow' };
    const States = { ...definition.States, Bad };
    await hub.send('PUT', '/flows/twice', { definition: { ...definition, States } });
    await start('/flow-runs/rerun', { ...ofBatch, version: 'newest', dryRun: false });
    assert.equal(await count(ofBatch), 0, 'the last one is about to be done again, or is already');
  });

  test('is waited for: each end, the end of all, and what could never be started', async () => {
    const inputs = [{ slow: true }, { slow: true }, {}];
    const id = await start('/flow-runs/bulk', { flow: 'mixed', inputs });
    const wait = (body: object) => hub.send('POST', `/flow-batches/${id}/wait`, body);
    const one = (await wait({ endedMoreThan: 0 })).body as unknown as FlowBatch;
    assert.equal(one.byStatus.SUCCEEDED, 1);
    const open = (await wait({ waitSeconds: 0 })).body as unknown as FlowBatch;
    assert.equal(open.byStatus.ACTIVE, 2);
    const all = wait({});
    await hub.send('POST', `/flow-batches/${id}/cancel`, {});
    assert.equal(((await all).body as unknown as FlowBatch).byStatus.ENDED, 2);
    await hub.saveFlow('gone', definition);
    const bad = await start('/flow-runs/bulk', { flow: 'gone', inputs: [{ bad: 'no beam' }] });
    await hub.send('POST', `/flow-batches/${bad}/wait`, {});
    await hub.send('DELETE', '/flows/gone');
    const never = await start('/flow-runs/rerun', { filter: { batch: bad, filter: 'failed' } });
    const began = Date.now();
    const { body } = await hub.send('POST', `/flow-batches/${never}/wait`, {});
    assert.equal((body as unknown as FlowBatch).faulty, 1);
    assert.ok(Date.now() - began < 25_000, 'it was told, and not found by the clock');
  });
});
