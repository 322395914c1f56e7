import type { NewTransfer } from '@interpulse/store/transfers/transfers.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { makeSecret } from '../secret.ts';
import type { ChosenSite } from './choose-sites.ts';
import { startTransfers } from './start-transfers.ts';

/** Sets the inputs of jobs going that were just placed. */
export function sendInputs(
  hub: Hub,
  tx: HubTransaction,
  chosen: readonly ChosenSite[],
  at: string,
): void {
  const transfers = chosen.flatMap((each) => transfersOf(hub, each));
  startTransfers(hub, tx, transfers, at);
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
