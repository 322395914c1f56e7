import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { randomFromSeed } from '@interpulse/testing/facility/random-from-seed.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startBareHub, type BareHub } from './start-bare-hub.ts';

const seed = Number(process.env['INTERPULSE_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['INTERPULSE_ROUNDS'] ?? 3);
const inputs = Array.from({ length: 1500 }, (_, number) => ({ number }));
const pass = { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } };
const waits = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 3600, End: true } } };

describe(`bulk starts that are broken off (INTERPULSE_SEED=${seed})`, () => {
  const random = randomFromSeed(seed);
  let hub: BareHub;

  before(async () => {
    hub = await startBareHub();
    await hub.saveFlows({ pass, waits });
  });
  after(() => hub?.end());

  const start = async (flow: string, key: string): Promise<string> => {
    const body = { flow, inputs, project: 'demo' };
    const headers = { 'idempotency-key': key };
    const { client } = hub.facility;
    const { batch } = await unwrap(client.POST('/api/v1/flow-runs/bulk', { body, headers }));
    return batch?.id ?? '';
  };
  const read = async (batchId: string): Promise<Schemas['FlowBatch']> => {
    const params = { path: { batchId } };
    const { client } = hub.facility;
    return (await unwrap(client.GET('/api/v1/flow-batches/{batchId}', { params }))).batch;
  };
  const cancel = async (batchId: string): Promise<Schemas['FlowBatch']> => {
    const params = { path: { batchId } };
    const { client } = hub.facility;
    return unwrap(client.POST('/api/v1/flow-batches/{batchId}/cancel', { params }));
  };
  /** The numbers of the inputs of its flow runs, in their order. */
  const numbersOf = async (batch: string): Promise<number[]> => {
    const numbers: number[] = [];
    for (let cursor: string | undefined, isMore = true; isMore; isMore = cursor !== undefined) {
      const query = { batch, limit: 500, ...(cursor === undefined ? {} : { cursor }) };
      const { client } = hub.facility;
      const page = await unwrap(client.GET('/api/v1/flow-runs', { params: { query } }));
      numbers.push(...page.items.map(({ label }) => Number(label.split(' ').at(-1)) - 1));
      cursor = page.next ?? undefined;
    }
    return numbers.toSorted((a, b) => a - b);
  };
  const begun = (batchId: string, least: number) =>
    until('some flow runs', 20, async () => {
      const { byStatus } = await read(batchId);
      return Object.values(byStatus).reduce((sum, count) => sum + count, 0) >= least;
    });

  it('each input has one flow run, whenever the hub is killed', async () => {
    // Whoever asked and got no answer asks again with the same key.
    const first = start('pass', 'once').catch(() => start('pass', 'once'));
    const batchId = await first;
    for (let round = 1; round <= rounds; round += 1) {
      await begun(batchId, round * 100 + Math.floor(random() * 300));
      await hub.facility.kill('hub');
      await hub.facility.start('hub');
      const { waiting } = await read(batchId);
      console.log(`kill -9 with at least ${waiting} of ${inputs.length} to come`);
    }
    await until('all flow runs', 40, async () => (await read(batchId)).waiting === 0);
    const { byStatus, faulty } = await read(batchId);
    assert.deepEqual({ byStatus, faulty }, { byStatus: { SUCCEEDED: inputs.length }, faulty: 0 });
    assert.deepEqual(
      await numbersOf(batchId),
      inputs.map(({ number }) => number),
    );
    assert.equal(await start('pass', 'once'), batchId, 'asked again it is the same bulk start');
  });

  it('canceled in the middle it starts no more, and all that began has ended', async () => {
    const batchId = await start('waits', 'canceled');
    await begun(batchId, 50 + Math.floor(random() * 300));
    await Promise.all([cancel(batchId), cancel(batchId)]);
    const stopped = await read(batchId);
    const { ENDED: ended = 0, ...others } = stopped.byStatus;
    console.log(`${ended} flow runs had begun`);
    assert.deepEqual([others, stopped.waiting], [{}, 0]);
    assert.equal(ended + stopped.faulty, inputs.length);
    assert.ok(ended >= 50 && stopped.faulty > 0);
    await hub.facility.kill('hub');
    await hub.facility.start('hub');
    const again = await cancel(batchId);
    assert.deepEqual(again, stopped, 'a cancel that comes again changes nothing');
  });

  it('a cancel that a kill cut off is made good by asking again', async () => {
    const batchId = await start('waits', 'cut off');
    await begun(batchId, 50 + Math.floor(random() * 300));
    const asked = cancel(batchId).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, random() * 300));
    await hub.facility.kill('hub');
    await asked;
    await hub.facility.start('hub');
    const stopped = await cancel(batchId);
    const { ENDED: ended = 0, ...others } = stopped.byStatus;
    assert.deepEqual([others, stopped.waiting], [{}, 0]);
    assert.equal(ended + stopped.faulty, inputs.length);
    const numbers = await numbersOf(batchId);
    assert.equal(new Set(numbers).size, ended, 'none twice');
  });
});
