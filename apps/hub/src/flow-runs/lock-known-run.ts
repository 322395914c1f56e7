import {
  lockFlowRuns,
  withDocuments,
  type LockedFlowRun,
} from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { documentsOf } from './document-cache.ts';

/**
 * Locks flow runs, but those that were locked ahead, without reading documents that this hub knows;
 * in the order of their ids.
 */
export async function lockKnownRuns(
  hub: Hub,
  tx: HubTransaction,
  flowRunIds: readonly string[],
): Promise<LockedFlowRun[]> {
  const wanted = new Set(flowRunIds);
  const ahead = (await tx.ahead.take('flowRuns')) ?? [];
  const found = ahead.filter(({ id }) => wanted.has(id));
  for (const { id } of found) wanted.delete(id);
  const others = await lockFlowRuns(tx, [...wanted]);
  const inOrder = [...found, ...others].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const documents = documentsOf(hub);
  return withDocuments(tx, inOrder, (id) => documents.get(id));
}

/** Locks one flow run, see {@link lockKnownRuns}. */
export async function lockKnownRun(
  hub: Hub,
  tx: HubTransaction,
  flowRunId: string,
): Promise<LockedFlowRun | undefined> {
  return (await lockKnownRuns(hub, tx, [flowRunId]))[0];
}
