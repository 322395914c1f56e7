import { transferInputSchema } from '@interpulse/domain/flow/action-inputs.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import {
  dispatchTransfers,
  findTransfer,
  insertTransfers,
} from '@interpulse/store/transfers/transfers.ts';
import { prepareTransfer } from '../services/prepare-transfer.ts';
import { orderTransfers } from '../agents/transfer-orders.ts';
import type { Action } from './action.ts';
import { statusDocument } from './status-document.ts';

const dispatchedAtOnce = 100;

/** `interpulse:transfer`: files between two collections, as one task. */
export const transfer: Action = {
  deferred: false,
  async start({ hub, tx, run, step, state, input, at }) {
    const { items, label } = transferInputSchema.parse(input);
    const prepared = await prepareTransfer(
      tx,
      items.map((item) => ({ ...item, recursive: item.recursive ?? false })),
      {
        id: hub.newId('transfer'),
        label: label ?? `${state} of ${run.label || run.flowName}`,
        project: run.project,
        ownerId: run.ownerId,
        jobId: null,
        flowRunId: run.id,
        flowStep: step,
      },
    );
    await insertTransfers(tx, [prepared], at);
    // Dispatched in the same transaction: a commit less on the way to the bytes.
    await orderTransfers(hub, tx, await dispatchTransfers(tx, at, dispatchedAtOnce));
    return { kind: 'pending', transferId: prepared.id };
  },
};

/** The status document of a transfer that ended. */
export async function transferDocument(
  db: Executor,
  transferId: string,
): Promise<{ document: JsonObject; reason: string | null } | undefined> {
  const found = await findTransfer(db, transferId);
  if (!found || found.endedAt === null) return undefined;
  const succeeded = found.state === 'succeeded';
  const document = statusDocument({
    actionId: found.id,
    succeeded,
    label: found.label,
    creatorId: found.owner,
    startedAt: found.createdAt,
    endedAt: found.endedAt,
    displayStatus: succeeded ? 'succeeded' : `${found.state}: ${found.reason ?? 'no reason given'}`,
    details: {
      transferId: found.id,
      source: found.source,
      destination: found.destination,
      files_transferred: found.filesDone,
      bytes_transferred: found.bytesDone,
      ...(succeeded ? {} : { reason: found.reason }),
    },
  });
  return { document, reason: found.reason };
}
