import { giveUpActionRun } from '@interpulse/store/action-runs/write-action-runs.ts';
import { stepRefs } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { cancelAndTell } from '../services/cancel-and-tell.ts';
import { cancelTransferNow } from '../services/cancel-transfer.ts';
import { settleEndedJobs } from '../services/settle-ended-jobs.ts';

/** A step, and what it started when that is not written yet. */
export interface StepToCancel {
  flowRunId: string;
  step: number;
  started: { jobId: string | null; transferId: string | null } | undefined;
}

/** Cancels what a step of a flow run started. */
export async function cancelStep(
  hub: Hub,
  tx: HubTransaction,
  { flowRunId, step, started }: StepToCancel,
  at: string,
): Promise<void> {
  const { jobId, transferId } = started ?? (await stepRefs(tx, flowRunId, step));
  const reason = 'its flow run needs it no more';
  if (jobId === null && transferId === null) {
    if (await giveUpActionRun(tx, flowRunId, step, at)) tx.notify([topics.actions]);
    return;
  }
  if (jobId !== null) {
    // The flow run has given the step up: it need not be told.
    const canceled = await cancelAndTell(hub, tx, [jobId], { actor: null, reason });
    await settleEndedJobs(
      hub,
      tx,
      canceled.map((job) => ({ ...job, state: 'canceled' })),
    );
  }
  if (transferId !== null) await cancelTransferNow(hub, tx, transferId, at, null, reason);
}
