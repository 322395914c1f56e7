import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Database } from '@interpulse/store/database.ts';
import { Interpulse } from '@interpulse/api/client/interpulse.ts';
import { readFlowDocuments } from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

type Answer = Record<string, unknown>;

/** Two steps that leave something, then a third one that fails unless `fixed`. */
const fragile = {
  StartAt: 'First',
  States: {
    First: {
      Type: 'Pass',
      Parameters: { __Private_Parameters: ['key'], key: 'swordfish', 'n.=': 'n + 1' },
      ResultPath: '$.first',
      Next: 'Second',
    },
    Second: {
      Type: 'ExpressionEval',
      Parameters: { 'm.=': 'first.n * 2' },
      ResultPath: '$.second',
      Next: 'Third',
    },
    Third: {
      Type: 'ExpressionEval',
      Parameters: { 'sum.=': 'second.m + fix.by' },
      ResultPath: '$.third',
      Next: 'Last',
    },
    Last: { Type: 'Pass', End: true },
  },
};

describe('flow runs that are done again, and many at a time', () => {
  let db: Database;
  let hub: TestHub;

  before(async () => {
    db = await openTestDatabase();
    hub = await startTestHub(db);
    await save('fragile', fragile);
  });
  after(async () => {
    await hub.stop();
    await db.close();
  });

  async function save(name: string, definition: object, more: object = {}): Promise<void> {
    await hub.saveFlow(name, definition, more);
  }

  async function post(path: string, body: object, status = 201): Promise<Answer> {
    const sent = await hub.send('POST', path, body);
    assert.equal(sent.status, status, JSON.stringify(sent.body));
    return sent.body;
  }

  const get = async (path: string): Promise<Answer> => (await hub.send('GET', path)).body;

  test('where an answer was waited for it is asked once more; an answer stays', async () => {
    const Parameters = { InputType: 'Selection', Options: [{ Value: 'go', Label: 'Go' }] };
    const named = { 'web_input_id.$': '$.ask.web_input_id' };
    const answer = { Type: 'AwaitWebInput', Parameters: named, ResultPath: '$.answer' };
    const States = {
      Ask: { Type: 'CreateWebInput', Parameters, ResultPath: '$.ask', Next: 'Answer' },
      Answer: { ...answer, End: true },
    };
    await save('asking', { StartAt: 'Ask', States });
    const rerun = (id: unknown, body: object = {}) => post(`/flow-runs/${String(id)}/rerun`, body);
    const questionOf = async (id: unknown) =>
      ((await get(`/web-inputs?filter=all&flowRun=${String(id)}`))['items'] as Answer[])[0];
    const first = await post('/flow-runs', { flow: 'asking', project: 'demo' });
    const asked = await questionOf(first['id']);
    await post(`/web-inputs/${String(asked?.['id'])}/close`, { reason: 'too late' }, 200);
    const again = await rerun(first['id']);
    const anew = await questionOf(again['id']);
    assert.equal(again['blockingWebInputId'], anew?.['id']);
    assert.notEqual(anew?.['id'], asked?.['id']);
    assert.deepEqual(anew?.['question'], asked?.['question']);
    await post(`/web-inputs/${String(anew?.['id'])}/respond`, { response: 'go' }, 200);
    const { flowRun } = await get(`/flow-runs/${String(again['id'])}`);
    assert.equal((flowRun as Answer)['status'], 'SUCCEEDED');
    const third = await rerun(again['id'], { from: 'Answer' });
    assert.equal(third['status'], 'INACTIVE');
    const fourth = await rerun(again['id'], {
      from: 'Answer',
      document: { ask: { web_input_id: anew?.['id'] } },
    });
    assert.equal(fourth['status'], 'SUCCEEDED');
    const foreign = await post('/flow-runs', { flow: 'asking', project: 'demo' });
    const stolen = await rerun(foreign['id'], {
      from: 'Answer',
      document: { ask: { web_input_id: anew?.['id'] } },
    });
    assert.equal(stolen['status'], 'FAILED');
  });

  test('from the failed state on, with its document as it was, and an edit', async () => {
    const failed = await post('/flow-runs', { flow: 'fragile', input: { n: 1 }, label: 'a run' });
    assert.equal(failed['status'], 'FAILED');
    const document = { fix: { by: 10 } };
    const again = await post(`/flow-runs/${String(failed['id'])}/rerun`, { document });
    assert.deepEqual(
      [again['status'], again['rerunOf'], again['startState'], again['label']],
      ['SUCCEEDED', failed['id'], 'Third', 'a run'],
    );
    const found = await get(`/flow-runs/${String(again['id'])}`);
    const output = found['output'] as { third: Answer; first: Answer };
    assert.deepEqual(output.third, { sum: 14 });
    assert.deepEqual(output.first, { n: 2, key: '(private)' });
    const steps = (list: unknown): unknown[] => (list as Answer[]).map((step) => step['stateName']);
    assert.deepEqual(steps(found['takenOver']), ['First', 'Second']);
    assert.deepEqual(steps(found['steps']), ['Third', 'Last']);
    // In clear it is still there, or a third one could not use it.
    const stored = await readFlowDocuments(hub.hub.db, String(again['id']));
    assert.deepEqual(stored.data['first'], { n: 2, key: 'swordfish' });
  });

  test('from a state by name, from the start with an edit, with the newest version', async () => {
    const failed = await post('/flow-runs', { flow: 'fragile', input: { n: 1 } });
    const path = `/flow-runs/${String(failed['id'])}/rerun`;
    const edited = { from: 'start', input: { fix: { by: 1 } }, mergeInput: true };
    const fromStart = await post(path, edited);
    assert.equal(fromStart['status'], 'SUCCEEDED');
    const named = { from: 'Second', document: { first: { n: 50 }, fix: { by: 0 } } };
    const fromSecond = await post(path, named);
    const { output } = (await get(`/flow-runs/${String(fromSecond['id'])}`)) as {
      output: { third: Answer };
    };
    assert.deepEqual(output.third, { sum: 100 });
    assert.match(String((await post(path, { from: 'Nowhere' }, 422))['detail']), /no state/);
    assert.match(String((await post(path, { from: 'Last' }, 422))['detail']), /never came/);
    const mended = structuredClone(fragile);
    mended.States.Third.Parameters = { 'sum.=': 'second.m' };
    await save('fragile', mended);
    assert.equal((await post(path, { version: 'same' }))['status'], 'FAILED');
    const newest = await post(path, { version: 'newest' });
    assert.equal(newest['status'], 'SUCCEEDED');
    const { stepsDone, stepsTotal } = newest as { stepsDone: number; stepsTotal: number };
    assert.equal(stepsDone, stepsTotal);
    await save('fragile', fragile);
  });

  test('the client starts, waits, says why, and does it again', async () => {
    using client = new Interpulse({ baseUrl: hub.url, token: hub.adminToken });
    const handle = await client.startFlow('fragile', { n: 1 }, { label: 'from a program' });
    await assert.rejects(handle.result(), /from a program .*FAILED: .*there is no fix/);
    const again = await handle.rerun({ document: { fix: { by: 2 } } });
    assert.deepEqual((await again.result())['third'], { sum: 6 });
    assert.equal(await again.cancel(), false);
    await save('brief', { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 1, End: true } } });
    const brief = await client.startFlow('brief');
    assert.equal((await brief.ended()).status, 'SUCCEEDED');
  });

  test('a succeeded run has no failed state, a run under way has not ended', async () => {
    await save('fine', { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
    const fine = await post('/flow-runs', { flow: 'fine', input: {} });
    await post(`/flow-runs/${String(fine['id'])}/rerun`, {}, 409);
    await save('slow', { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 999, End: true } } });
    const slow = await post('/flow-runs', { flow: 'slow', input: {} });
    await post(`/flow-runs/${String(slow['id'])}/rerun`, {}, 409);
    await post(`/flow-runs/${String(slow['id'])}/cancel`, {}, 200);
    const again = await post(`/flow-runs/${String(slow['id'])}/rerun`, {});
    assert.deepEqual([again['status'], again['startState']], ['ACTIVE', 'A']);
    await post(`/flow-runs/${String(again['id'])}/resume`, {}, 409);
  });

  test('a bulk start counts first, starts all, and is done again where it failed', async () => {
    const inputs = Array.from({ length: 120 }, (_, n) =>
      n % 3 === 0 ? { n } : { n, fix: { by: 1 } },
    );
    const body = { flow: 'fragile', inputs, tags: { why: 'bulk' } };
    const dry = await post('/flow-runs/bulk', { ...body, dryRun: true });
    assert.deepEqual([dry['count'], dry['batch']], [120, null]);
    const { batch } = (await post('/flow-runs/bulk', body)) as { batch: { id: string } };
    const ended = async (id: string) =>
      until('the end of the bulk start', async () => {
        const { batch: now } = (await get(`/flow-batches/${id}`)) as { batch: Answer };
        return now['waiting'] === 0 ? now : undefined;
      });
    const counts = await ended(batch.id);
    assert.deepEqual(counts['byStatus'], { SUCCEEDED: 80, FAILED: 40 });
    const failed = { batch: batch.id, status: 'FAILED' };
    const rerun = { filter: failed, from: 'failed', dryRun: true };
    assert.equal((await post('/flow-runs/rerun', rerun))['count'], 40);
    const second = await post('/flow-runs/rerun', { ...rerun, dryRun: false });
    const again = await ended((second['batch'] as Answer)['id'] as string);
    assert.deepEqual(again['byStatus'], { FAILED: 40 });
    assert.equal((await get('/flow-runs/counts?tags=why:bulk'))['total'], 160);
  });

  test('what cannot be started is said with its place, and nothing is', async () => {
    const schema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };
    await save(
      'strict',
      { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } },
      { inputSchema: schema },
    );
    const bad = { flow: 'strict', inputs: [{ n: 1 }, { n: 'x' }] };
    const refused = await post('/flow-runs/bulk', bad, 422);
    assert.deepEqual((refused['errors'] as Answer[])[0]?.['loc'], ['inputs', 1, 'n']);
    const mapped = {
      flow: 'strict',
      inputs: [{ a: 4 }],
      mapping: { 'n.=': 'a * 2' },
      dryRun: true,
    };
    assert.deepEqual((await post('/flow-runs/bulk', mapped))['firstInput'], { n: 8 });
    await post('/flow-runs/bulk', { ...mapped, mapping: { 'n.=': 'a *' } }, 422);
    assert.equal((await get('/flow-runs/counts?flow=strict'))['total'], 0);
  });

  test('datasets that are there are analysed again, the oldest first', async () => {
    for (const n of [1, 2, 3]) {
      await post('/datasets', {
        title: `scan ${n}`,
        kind: 'raw',
        files: [{ location: `raw:/scan-${n}.h5` }],
        metadata: { sample: 'gold', n },
        project: 'demo',
      });
    }
    const mapping = { 'file.$': '$.file', 'n.=': 'dataset.metadata.n', 'id.$': '$.dataset.id' };
    const datasets = { filter: { q: 'gold', kind: 'raw' } };
    const body = { flow: 'fine', datasets, mapping, label: 'again' };
    const dry = await post('/flow-runs/bulk', { ...body, dryRun: true });
    assert.equal(dry['count'], 3);
    assert.equal((dry['firstInput'] as Answer)['file'], 'raw:/scan-1.h5');
    const newest = { filter: { ...datasets.filter, newest: 2 } };
    const fewer = await post('/flow-runs/bulk', { ...body, datasets: newest, dryRun: true });
    assert.equal(fewer['count'], 2);
    assert.equal((fewer['firstInput'] as Answer)['file'], 'raw:/scan-2.h5');
    const { batch } = (await post('/flow-runs/bulk', body)) as { batch: { id: string } };
    const runs = await until('three flow runs', async () => {
      const { items } = (await get(`/flow-runs?batch=${batch.id}&order=ended`)) as {
        items: Answer[];
      };
      return items.length === 3 ? items : undefined;
    });
    assert.ok(runs.every((run) => run['urgency'] === 'backfill' && run['datasetId'] !== null));
    const labels = runs.map((run) => String(run['label'])).toSorted();
    assert.deepEqual(labels, ['again: scan 1', 'again: scan 2', 'again: scan 3']);
  });

  test('an input of 4 MB is taken and done again, a larger one refused in words', async () => {
    const input = { n: 1, text: 'x'.repeat(4 * 1024 * 1024 - 200) };
    const failed = await post('/flow-runs', { flow: 'fragile', input });
    assert.equal(failed['status'], 'FAILED');
    const again = await post(`/flow-runs/${String(failed['id'])}/rerun`, { from: 'Second' });
    const { output } = (await get(`/flow-runs/${String(again['id'])}/output`)) as {
      output: { text: string };
    };
    assert.equal(output.text.length, input.text.length);
    const larger = { n: 1, text: 'x'.repeat(4 * 1024 * 1024) };
    const refused = await post('/flow-runs', { flow: 'fragile', input: larger }, 422);
    assert.match(String(refused['detail']), /larger than 4194304 bytes/);
  });

  test('many are canceled by a filter; a bulk start is stopped', async () => {
    const inputs = Array.from({ length: 70 }, () => ({}));
    const { batch } = (await post('/flow-runs/bulk', { flow: 'slow', inputs })) as {
      batch: { id: string };
    };
    await until('some', async () => {
      const counts = await get(`/flow-runs/counts?batch=${batch.id}`);
      return Number(counts['total']) === 70;
    });
    const filter = { batch: batch.id };
    assert.equal((await post('/flow-runs/cancel', { filter, dryRun: true }, 200))['count'], 70);
    assert.equal((await post('/flow-runs/cancel', { filter }, 200))['count'], 70);
    const counts = await get(`/flow-runs/counts?batch=${batch.id}`);
    assert.deepEqual(counts['byStatus'], { ENDED: 70 });
    const stopped = await post(`/flow-batches/${batch.id}/cancel`, {}, 200);
    assert.notEqual(stopped['canceledAt'], null);
  });

  test('each order of the list is paged without loss', async () => {
    for (const order of ['started', 'ended', 'deadline']) {
      const deadlineAt = '2999-01-01T00:00:00.000Z';
      if (order === 'deadline') {
        for (let n = 0; n < 7; n += 1) {
          await post('/flow-runs', { flow: 'fine', deadlineAt, label: `late ${n}` });
        }
      }
      const seen: unknown[] = [];
      let cursor = '';
      do {
        const path = `/flow-runs?order=${order}&limit=50${cursor}`;
        const { items, next } = (await get(path)) as { items: Answer[]; next: string | null };
        seen.push(...items.map((run) => run['id']));
        cursor = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
      } while (cursor !== '');
      assert.equal(new Set(seen).size, seen.length);
      assert.ok(seen.length >= 7, `${order}: ${seen.length}`);
    }
  });
});
