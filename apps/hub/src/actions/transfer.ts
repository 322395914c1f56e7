import { transferInputSchema } from '@interpulse/domain/flow/action-inputs.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Transfer } from '@interpulse/domain/transfer/transfer.ts';
import { findTransfers } from '@interpulse/store/transfers/transfers.ts';
import { onlyThese } from '../services/ahead.ts';
import {
  makeTransfer,
  refuseTransfers,
  sitesOfTransfers,
  type TransferRequest,
} from '../services/prepare-transfer.ts';
import { startTransfers } from '../services/start-transfers.ts';
import type { HubTransaction } from '../hub.ts';
import type { Action, ActionCall } from './action.ts';
import { orUnable } from './refusal-of.ts';
import { statusDocument } from './status-document.ts';

/** `interpulse:transfer`: files between two collections, as one task. */
export const transfer: Action = {
  deferred: false,
  async startAll(calls) {
    const [{ hub, tx, at }] = calls;
    const asked = calls.map((call) => orUnable(call.state, () => requestOf(call)));
    const items = asked.flatMap((each) => ('made' in each ? [each.made.items] : []));
    const sites = await sitesOfTransfers(hub, tx, items);
    const prepared = asked.map((each, index) =>
      'unable' in each
        ? each
        : orUnable(calls[index]?.state ?? '', () => makeTransfer(each.made, sites)),
    );
    const made = prepared.flatMap((each) => ('made' in each ? [each.made] : []));
    const works = made.map((each) => ({ transfer: each, by: each.ownerId }));
    const reasons = await refuseTransfers(tx, works, sites);
    const refused = new Map(made.map((each, index) => [each.id, reasons[index] ?? null]));
    const transfers = made.filter(({ id }) => refused.get(id) === null);
    startTransfers(hub, tx, transfers, at);
    return prepared.map((each, index) => {
      if ('unable' in each) return each.unable;
      const reason = refused.get(each.made.id) ?? null;
      if (reason === null) return { kind: 'pending', transferId: each.made.id };
      return { kind: 'unable', reason: `${calls[index]?.state}: ${reason}` };
    });
  },
};

function requestOf({ hub, run, step, state, input }: ActionCall): TransferRequest {
  const { items, label } = transferInputSchema.parse(input);
  return {
    items: items.map((item) => ({ ...item, recursive: item.recursive ?? false })),
    about: {
      id: hub.newId('transfer'),
      label: label ?? `${state} of ${run.label || run.flowName}`,
      project: run.project,
      ownerId: run.ownerId,
      jobId: null,
      flowRunId: run.id,
      flowStep: step,
    },
  };
}

/** The status documents of transfers, of those that have ended, by the transfers' ids. */
export async function transferDocuments(
  tx: HubTransaction,
  transferIds: readonly string[],
): Promise<Map<string, JsonObject>> {
  const ahead = await onlyThese(tx.ahead.take('transfers'), transferIds);
  const transfers = ahead ?? (await findTransfers(tx, transferIds));
  return new Map(
    transfers.flatMap((found) =>
      found.endedAt === null ? [] : [[found.id, documentOf(found, found.endedAt)] as const],
    ),
  );
}

function documentOf(found: Transfer, endedAt: string): JsonObject {
  const succeeded = found.state === 'succeeded';
  return statusDocument({
    actionId: found.id,
    succeeded,
    label: found.label,
    creatorId: found.owner,
    startedAt: found.createdAt,
    endedAt,
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
}
