import { findFlowRunOwners } from '@interpulse/store/access/access.ts';
import { lockFlowRuns, type LockedFlowRun } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { documentsOf } from './document-cache.ts';

/**
 * Locks flow runs as `lockFlowRuns` does, without reading documents that this hub knows, and reads
 * along who started them: nearly every step asks for their rights.
 */
export async function lockKnownRuns(
  hub: Hub,
  tx: HubTransaction,
  flowRunIds: readonly string[],
): Promise<LockedFlowRun[]> {
  const documents = documentsOf(hub);
  const wanted = [...new Set(flowRunIds)].map((id) => ({ id, known: documents.get(id) }));
  const [runs, owners] = await Promise.all([
    lockFlowRuns(tx, wanted),
    findFlowRunOwners(tx, flowRunIds),
  ]);
  return runs.map((run) => ({ ...run, principal: owners.get(run.ownerId) }));
}

/** Locks one flow run, see {@link lockKnownRuns}. */
export async function lockKnownRun(
  hub: Hub,
  tx: HubTransaction,
  flowRunId: string,
): Promise<LockedFlowRun | undefined> {
  return (await lockKnownRuns(hub, tx, [flowRunId]))[0];
}
