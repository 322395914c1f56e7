import { activeTransfersOfSite } from '@interpulse/store/transfers/transfers.ts';
import { ordersFor, putOff } from '../agents/transfer-orders.ts';
import type { Hub } from '../hub.ts';

/**
 * Tells the agents whose sessions are here of all their active transfers; they know by attempt what
 * they have begun. For transfers that another hub dispatched, and for words that were lost.
 */
export async function sendOrders(hub: Hub): Promise<void> {
  for (const siteId of hub.agents.connected()) {
    for (const transfer of await activeTransfersOfSite(hub.db, siteId)) {
      const all = ordersFor(transfer);
      if (all.length === 0) await putOff(hub, transfer);
      const orders = all.filter((order) => order.siteId === siteId).map(({ order }) => order);
      if (orders.length > 0) hub.tell(siteId, { type: 'transferOrders', orders });
    }
  }
}
