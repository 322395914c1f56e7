import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  insertTransfers,
  type NewTransfer,
  type OpenTransfer,
} from '@interpulse/store/transfers/transfers.ts';
import { orderTransfers } from '../agents/transfer-orders.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';

/**
 * Writes transfers and sets them going where both ends answer; the others wait. They are written
 * with the commit, which they hold up by nothing.
 */
export function startTransfers(
  hub: Hub,
  tx: HubTransaction,
  transfers: readonly NewTransfer[],
  at: string,
): void {
  if (transfers.length === 0) return;
  let started: OpenTransfer[] = [];
  const written = insertTransfers(tx, transfers, at).then((open) => void (started = open));
  tx.commitWith(written);
  tx.notify([eventsTopic]);
  // Left at once, not with the answer: what is undone meanwhile takes with it what it left.
  tx.afterCommit(() => {
    orderTransfers(hub, started);
    if (started.length < transfers.length) hub.db.announce([topics.transfers]);
  });
}
