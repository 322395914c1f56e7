import { lockFlowRun, type LockedFlowRun } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { documentsOf } from './document-cache.ts';

/** Locks a flow run as `lockFlowRun` does, without reading a document that this hub knows. */
export async function lockKnownRun(
  hub: Hub,
  tx: HubTransaction,
  flowRunId: string,
): Promise<LockedFlowRun | undefined> {
  return lockFlowRun(tx, flowRunId, documentsOf(hub).get(flowRunId));
}
