import { findFlowRunOwner } from '@interpulse/store/access/access.ts';
import { lockFlowRun, type LockedFlowRun } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { documentsOf } from './document-cache.ts';

/**
 * Locks a flow run as `lockFlowRun` does, without reading a document that this hub knows, and reads
 * along who started it: nearly every step asks for their rights.
 */
export async function lockKnownRun(
  hub: Hub,
  tx: HubTransaction,
  flowRunId: string,
): Promise<LockedFlowRun | undefined> {
  const [run, principal] = await Promise.all([
    lockFlowRun(tx, flowRunId, documentsOf(hub).get(flowRunId)),
    findFlowRunOwner(tx, flowRunId),
  ]);
  return run && { ...run, principal };
}
