import type { FlowEvent } from '@interpulse/domain/flow/flow-progress.ts';
import { lockFlowRun } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import { jobDocument } from '../actions/compute.ts';
import { transferDocument } from '../actions/transfer.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { enact } from './enact.ts';

/** Applies an event to a flow run in a transaction of the caller; false when it changed nothing. */
export async function applyFlowEvent(
  hub: Hub,
  tx: HubTransaction,
  flowRunId: string,
  event: FlowEvent,
): Promise<boolean> {
  const run = await lockFlowRun(tx, flowRunId);
  return run === undefined ? false : enact(hub, tx, run, event);
}

/** A job or transfer that a step of a flow run waits for. */
export interface StepWork {
  flowRunId: string;
  step: number;
  jobId?: string | null;
  transferId?: string | null;
}

/** Tells a flow run that what its step waits for has ended, in a transaction of the caller. */
export async function noticeStepEnd(
  hub: Hub,
  tx: HubTransaction,
  work: StepWork,
): Promise<boolean> {
  const ended = work.jobId
    ? await jobDocument(tx, work.jobId)
    : work.transferId
      ? await transferDocument(tx, work.transferId)
      : undefined;
  if (!ended) return false;
  return applyFlowEvent(hub, tx, work.flowRunId, {
    kind: 'actionEnded',
    step: work.step,
    statusDocument: ended.document,
  });
}
