import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { findCollectionSite } from '@interpulse/store/sites/read-sites.ts';
import {
  cancelTransfer,
  type ChangedTransfer,
} from '@interpulse/store/transfers/change-transfers.ts';
import type { TransferId } from '@interpulse/domain/id.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';

/** Cancels a transfer in a transaction of the caller, and tells both ends. */
export async function cancelTransferNow(
  hub: Hub,
  tx: HubTransaction,
  transferId: string,
  at: string,
  actor: string | null,
  reason: string,
): Promise<ChangedTransfer | undefined> {
  const canceled = await cancelTransfer(tx, transferId, at, actor, reason);
  if (!canceled) return undefined;
  tx.notify([eventsTopic]);
  const transferIds = [transferId as TransferId];
  for (const collection of [canceled.source, canceled.destination]) {
    const site = await findCollectionSite(tx, collection);
    if (!site) continue;
    if (hub.agents.get(site.siteId) === undefined) tx.notify([topics.cancels(site.siteId)]);
    tx.afterCommit(() => void hub.tell(site.siteId, { type: 'cancelTransfers', transferIds }));
  }
  return canceled;
}
