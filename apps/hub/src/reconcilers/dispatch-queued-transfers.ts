import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { dispatchTransfers, nextTransferAt } from '@interpulse/store/transfers/transfers.ts';
import { orderTransfers } from '../agents/transfer-orders.ts';
import type { Hub } from '../hub.ts';

const dispatchedAtOnce = 200;

/**
 * Sets queued transfers going whose ends both answer: those for which it was too early, or whose
 * sites were silent. Answers when the next one may be tried; `true` when more
 * are due than one round takes.
 */
export async function dispatchQueuedTransfers(hub: Hub): Promise<string | true | null> {
  const transfers = await hub.transaction(async (tx) => {
    const dispatched = await dispatchTransfers(tx, hub.now(), dispatchedAtOnce);
    if (dispatched.length > 0) tx.notify([eventsTopic]);
    return dispatched;
  });
  orderTransfers(hub, transfers);
  return transfers.length === dispatchedAtOnce ? true : nextTransferAt(hub.db, hub.now());
}
