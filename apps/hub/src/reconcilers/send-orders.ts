import { listSites } from '@interpulse/store/sites/read-sites.ts';
import { activeTransfersOfSite } from '@interpulse/store/transfers/transfers.ts';
import { ordersFor } from '../agents/transfer-orders.ts';
import type { Hub } from '../hub.ts';

/**
 * Tells the agents whose sessions are here of all their active transfers; they know by attempt what
 * they have begun. For transfers that another hub dispatched, and for words that were lost.
 */
export async function sendOrders(hub: Hub): Promise<void> {
  for (const site of await listSites(hub.db)) {
    if (hub.agents.get(site.id) === undefined) continue;
    for (const transfer of await activeTransfersOfSite(hub.db, site.id)) {
      const orders = (await ordersFor(hub.db, transfer))
        .filter(({ siteId }) => siteId === site.id)
        .map(({ order }) => order);
      if (orders.length > 0) hub.tell(site.id, { type: 'transferOrders', orders });
    }
  }
}
