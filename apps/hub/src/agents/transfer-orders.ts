import type { TransferOrder } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { endTransferAttempts } from '@interpulse/store/transfers/change-transfers.ts';
import type { OpenTransfer } from '@interpulse/store/transfers/transfers.ts';
import { topics, type Hub } from '../hub.ts';

/** A transfer for which there is no way is looked at again this soon. */
const putOffSeconds = 60;

/**
 * What each end of a transfer has to do, by site id: the side that can listen listens. None where
 * there is no way.
 */
export function ordersFor(transfer: OpenTransfer): { siteId: string; order: TransferOrder }[] {
  const { sourceSiteId, destinationSiteId, id, attempt, items, secret, jobId } = transfer;
  const order = { transferId: id, attempt, items, durable: jobId === null, secret, peer: null };
  if (sourceSiteId === destinationSiteId) {
    return [{ siteId: sourceSiteId, order: { ...order, role: 'copy', secret: '' } }];
  }
  // Receiving costs less on the connecting side, so the source listens where both can.
  const source = transfer.sourceChannel;
  const destination = source === null ? transfer.destinationChannel : null;
  if (destination !== null || source !== null) {
    return [
      { siteId: destinationSiteId, order: { ...order, role: 'receive', peer: source } },
      { siteId: sourceSiteId, order: { ...order, role: 'send', peer: destination } },
    ];
  }
  // Where neither end can listen, both connect to a third agent.
  const { relay } = transfer;
  if (relay === null) return [];
  return [
    { siteId: relay.siteId, order: { ...order, role: 'relay', items: [] } },
    { siteId: destinationSiteId, order: { ...order, role: 'receive', peer: relay.channel } },
    { siteId: sourceSiteId, order: { ...order, role: 'send', peer: relay.channel } },
  ];
}

/** Tells both ends of transfers that have just become active: that must be committed. */
export function orderTransfers(hub: Hub, transfers: readonly OpenTransfer[]): void {
  const bySite = new Map<string, TransferOrder[]>();
  for (const transfer of transfers) {
    const orders = ordersFor(transfer);
    if (orders.length === 0) void putOff(hub, transfer);
    for (const { siteId, order } of orders) {
      const known = bySite.get(siteId) ?? [];
      known.push(order);
      bySite.set(siteId, known);
    }
  }
  for (const [siteId, all] of bySite) {
    if (hub.agents.get(siteId) === undefined) {
      hub.db.announce([topics.orders(siteId)]);
      continue;
    }
    for (const orders of inMessages(all)) hub.tell(siteId, { type: 'transferOrders', orders });
  }
}

/** None too large for the session. */
function inMessages(orders: readonly TransferOrder[]): TransferOrder[][] {
  const messages: TransferOrder[][] = [];
  let bytes = Infinity;
  for (const order of orders) {
    const own = Buffer.byteLength(JSON.stringify(order));
    bytes += own;
    if (bytes <= limits.leaseMessageBytes) {
      messages.at(-1)?.push(order);
      continue;
    }
    bytes = own;
    messages.push([order]);
  }
  return messages;
}

/** Queues an active transfer again for which there is no way now, and says why. */
export async function putOff(hub: Hub, transfer: OpenTransfer): Promise<void> {
  const at = hub.now();
  const { id, attempt, source, destination } = transfer;
  const reason =
    `neither end of ${source} to ${destination} can listen and no other agent can pass the bytes ` +
    'on; give one of them a "channel" in its configuration';
  const nothing = { bytesDone: 0, filesDone: 0, files: [] };
  const notBeforeAt = addSeconds(at, putOffSeconds);
  const end = { id, attempt, state: 'queued' as const, reason, notBeforeAt, ...nothing };
  try {
    await hub.transaction(async (tx) => {
      await endTransferAttempts(tx, null, [end], at);
      tx.notify([eventsTopic, topics.transfers]);
    });
  } catch (error) {
    hub.log.warn({ err: error, transferId: id }, 'a transfer without a way was not put off');
  }
}
