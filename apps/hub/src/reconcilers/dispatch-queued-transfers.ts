import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { dispatchTransfers, nextTransferAt } from '@interpulse/store/transfers/transfers.ts';
import { orderTransfers } from '../agents/transfer-orders.ts';
import type { Hub } from '../hub.ts';

const dispatchedAtOnce = 200;

/**
 * Sets queued transfers going whose ends both answer: those for which it was too early, or whose
 * sites were silent. Answers when the next one may be tried.
 */
export async function dispatchQueuedTransfers(hub: Hub): Promise<string | null> {
  await hub.transaction(async (tx) => {
    const transfers = await dispatchTransfers(tx, hub.now(), dispatchedAtOnce);
    if (transfers.length > 0) tx.notify([eventsTopic]);
    await orderTransfers(hub, tx, transfers);
  });
  return nextTransferAt(hub.db);
}
