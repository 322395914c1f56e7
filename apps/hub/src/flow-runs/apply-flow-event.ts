import type { FlowEvent } from '@interpulse/domain/flow/flow-progress.ts';
import { jobDocument } from '../actions/compute.ts';
import { transferDocument } from '../actions/transfer.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { enact } from './enact.ts';
import { lockKnownRun } from './lock-known-run.ts';

/** Applies events to a flow run in a transaction of the caller; false when they changed nothing. */
export async function applyFlowEvent(
  hub: Hub,
  tx: HubTransaction,
  flowRunId: string,
  ...events: readonly FlowEvent[]
): Promise<boolean> {
  if (events.length === 0) return false;
  const run = await lockKnownRun(hub, tx, flowRunId);
  return run === undefined ? false : enact(hub, tx, run, ...events);
}

/** A job or transfer that a step of a flow run waits for. */
export interface StepWork {
  step: number;
  jobId?: string | null;
  transferId?: string | null;
}

/**
 * Tells a flow run that what its steps wait for has ended, in a transaction of the caller: many
 * ends are one turn.
 */
export async function noticeStepEnds(
  hub: Hub,
  tx: HubTransaction,
  flowRunId: string,
  ended: readonly StepWork[],
): Promise<boolean> {
  const events = await Promise.all(ended.map((work) => endOf(tx, work)));
  return applyFlowEvent(hub, tx, flowRunId, ...events.flat());
}

async function endOf(tx: HubTransaction, work: StepWork): Promise<FlowEvent[]> {
  const ended = work.jobId
    ? await jobDocument(tx, work.jobId)
    : work.transferId
      ? await transferDocument(tx, work.transferId)
      : undefined;
  if (!ended) return [];
  return [{ kind: 'actionEnded', step: work.step, statusDocument: ended.document }];
}
