import {
  dispatchTransfers,
  insertTransfers,
  type NewTransfer,
} from '@interpulse/store/transfers/transfers.ts';
import { orderTransfers } from '../agents/transfer-orders.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { makeSecret } from '../secret.ts';
import type { ChosenSite } from './choose-sites.ts';

/** Others that wait are dispatched as well, so many. */
const dispatchedBesides = 100;

/** Sets the inputs of jobs going that were just placed. */
export async function sendInputs(
  hub: Hub,
  tx: HubTransaction,
  chosen: readonly ChosenSite[],
  at: string,
): Promise<void> {
  const transfers = chosen.flatMap((each) => transfersOf(hub, each));
  if (transfers.length === 0) return;
  const [, dispatched] = await Promise.all([
    insertTransfers(tx, transfers, at),
    dispatchTransfers(tx, at, transfers.length + dispatchedBesides),
  ]);
  await orderTransfers(hub, tx, dispatched);
}

function transfersOf(
  hub: Hub,
  { decided: { job }, site, itemsBySource }: ChosenSite,
): NewTransfer[] {
  return [...itemsBySource].map(([source, items]) => ({
    id: hub.newId('transfer'),
    label: `inputs of ${job.id}`,
    project: job.project,
    ownerId: job.ownerId,
    jobId: job.id,
    flowRunId: job.flowRunId,
    flowStep: null,
    source,
    destination: site.scratchCollection ?? '',
    items,
    secret: makeSecret('ticket'),
  }));
}
