import { lockFlowRunsOf } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import { lockJobsOfTransfers } from '@interpulse/store/transfers/change-transfers.ts';
import { findTransfer, listTransfers } from '@interpulse/store/transfers/transfers.ts';
import { cancelTransferNow } from '../../services/cancel-transfer.ts';
import { noticeEndedTransfers } from '../../services/notice-ended-transfers.ts';
import { prepareTransfer } from '../../services/prepare-transfer.ts';
import { startTransfers } from '../../services/start-transfers.ts';
import { demand, page, projectFor, visibleProjects, type Call, type Handlers } from '../handler.ts';
import { idempotently } from '../idempotently.ts';
import { existing } from './existing.ts';

type TransferOperation = 'submitTransfer' | 'listTransfers' | 'getTransfer' | 'cancelTransfer';

/** Transfers. */
export const transferHandlers: Handlers<TransferOperation> = {
  submitTransfer: ({ body }, call) =>
    idempotently(call, body, async (tx) => {
      const { hub, who } = call;
      const about = {
        id: hub.newId('transfer'),
        label: body.label,
        project: projectFor(who, body.project, 'run'),
        ownerId: who.id,
        jobId: null,
        flowRunId: null,
        flowStep: null,
      };
      const transfer = await prepareTransfer(hub, tx, { items: body.items, about }, who);
      startTransfers(hub, tx, [transfer], hub.now());
      return existing(await findTransfer(tx, transfer.id), 'transfer');
    }),

  async listTransfers({ query }, { hub, who }) {
    const rows = await listTransfers(hub.db, {
      projects: visibleProjects(who),
      state: query.state,
      flowRunId: query.flowRun,
      jobId: query.job,
      before: query.cursor,
      limit: query.limit + 1,
    });
    return page(rows, query.limit, (transfer) => transfer.id);
  },

  getTransfer: ({ params }, call) => seenTransfer(call, params.transferId, 'read'),

  async cancelTransfer({ params }, call) {
    const { hub, who } = call;
    await seenTransfer(call, params.transferId, 'run');
    await hub.transaction(async (tx) => {
      const reason = `canceled by ${who.name}`;
      const id = params.transferId;
      await lockFlowRunsOf(tx, { transferIds: [id] });
      await lockJobsOfTransfers(tx, [id]);
      const canceled = await cancelTransferNow(hub, tx, id, hub.now(), who.id, reason);
      if (canceled) await noticeEndedTransfers(hub, tx, [canceled]);
    });
    return seenTransfer(call, params.transferId, 'read');
  },
};

async function seenTransfer({ hub, who }: Call, id: string, verb: 'read' | 'run') {
  const transfer = existing(await findTransfer(hub.db, id), `transfer ${id}`);
  demand(who, verb, { project: transfer.project, ownerId: null }, `transfer ${id}`);
  return transfer;
}
