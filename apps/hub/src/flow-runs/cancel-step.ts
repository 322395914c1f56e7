import { stepRefs } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { cancelJobOfStep } from '../services/cancel-jobs.ts';
import { cancelTransferNow } from '../services/cancel-transfer.ts';

/** Cancels what a step of a flow run started. */
export async function cancelStep(
  hub: Hub,
  tx: HubTransaction,
  flowRunId: string,
  step: number,
  at: string,
): Promise<void> {
  const { jobId, transferId } = await stepRefs(tx, flowRunId, step);
  const reason = 'its flow run needs it no more';
  if (jobId !== null) await cancelJobOfStep(hub, tx, jobId, reason);
  if (transferId !== null) await cancelTransferNow(hub, tx, transferId, at, null, reason);
}
