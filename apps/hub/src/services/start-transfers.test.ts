import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TransferId } from '@interpulse/domain/id.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { findTransfer } from '@interpulse/store/transfers/transfers.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';
import { startTransfers } from './start-transfers.ts';

describe('transfers that are written as active', () => {
  let hub: TestHub;
  let agent: FakeAgent;
  const ordered: string[] = [];

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    const identity = await hub.enrol('alpha');
    agent = new FakeAgent({
      url: hub.url,
      ...identity,
      state: { collections: [{ name: 'raw', title: '', writable: true }] },
      hears: (message) => {
        if (message.type !== 'transferOrders') return;
        ordered.push(...message.orders.map(({ transferId }) => transferId));
      },
    });
    await agent.ready();
  });
  after(async () => {
    agent.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const start = async (besides: (tx: Parameters<typeof startTransfers>[1]) => Promise<unknown>) => {
    const id: TransferId = hub.hub.newId('transfer');
    const whose = { project: 'demo', ownerId: 'user_1', jobId: null, flowRunId: null };
    const way = { source: 'raw', destination: 'raw', secret: '' };
    const items = [{ source: 'raw:/a', destination: 'raw:/b', recursive: false }];
    const transfer = { id, label: '', ...whose, flowStep: null, ...way, items };
    const written = hub.hub.transaction(async (tx) => {
      startTransfers(hub.hub, tx, [transfer], hub.hub.now());
      await besides(tx);
    });
    return { id, written };
  };

  test('are ordered once they are committed, also beside a part that is undone', async () => {
    const { id, written } = await start(async (tx) => {
      const part = tx.undoable(async () => {
        await tx.query('select 1');
        throw new Error('for the test');
      });
      await assert.rejects(part, /for the test/);
      assert.deepEqual(ordered, []);
    });
    await written;
    await until('the order', async () => ordered.includes(id));
    assert.equal((await findTransfer(hub.hub.db, id))?.state, 'active');
  });

  test('are not there, and nobody hears of them, when the transaction fails', async () => {
    const { id, written } = await start(() => Promise.reject(new Error('for the test')));
    await assert.rejects(written, /for the test/);
    const next = await start(async () => undefined);
    await next.written;
    await until('the order', async () => ordered.includes(next.id));
    assert.equal(ordered.includes(id), false);
    assert.equal(await findTransfer(hub.hub.db, id), undefined);
  });
});
