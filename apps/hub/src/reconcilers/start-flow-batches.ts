import { DomainError } from '@interpulse/domain/error.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import { bulkLabel } from '@interpulse/domain/flow-run/bulk-label.ts';
import { findPrincipal } from '@interpulse/store/access/access.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  endBatchItems,
  takeBatchChunk,
  type BatchItemEnd,
  type FlowBatchChunk,
} from '@interpulse/store/flow-runs/flow-batches.ts';
import { findFlowRun } from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { findFlow, type OwnedFlow } from '@interpulse/store/flows/flows.ts';
import { prepareRerun } from '../flow-runs/prepare-rerun.ts';
import { startFlowRun, type FlowRunStart } from '../flow-runs/start-flow-run.ts';
import { startPlace } from '../flow-runs/start-place.ts';
import type { Hub, HubTransaction } from '../hub.ts';

/** What is wrong with one flow run of a chunk, found when something of it was written already. */
class ItemFault extends Error {
  readonly batchId: string;
  readonly end: BatchItemEnd;

  constructor(batchId: string, position: number, cause: unknown) {
    super('a flow run of a bulk start could not be started', { cause });
    this.batchId = batchId;
    this.end = { position, flowRunId: null, fault: faultOf(cause) };
  }
}

/**
 * Starts the flow runs of bulk starts, some in one transaction, the oldest bulk start first.
 * Several hubs take different ones. What cannot be started says why and holds up nothing.
 */
export async function startFlowBatches(hub: Hub): Promise<void> {
  for (;;) {
    try {
      if ((await hub.transaction((tx) => startChunk(hub, tx))) === 0) return;
    } catch (error) {
      if (!(error instanceof ItemFault)) throw error;
      // Nothing of the chunk was kept: it is taken again without this one.
      await hub.transaction((tx) => endItems(tx, error.batchId, [error.end]));
    }
  }
}

async function startChunk(hub: Hub, tx: HubTransaction): Promise<number> {
  const chunk = await takeBatchChunk(tx, flowLimits.flowRunsPerChunk);
  if (chunk === undefined) return 0;
  const who = await findPrincipal(tx, chunk.ownerId);
  const ends: BatchItemEnd[] = [];
  const newest = await findFlow(tx, chunk.flowName);
  for (const item of chunk.items) {
    const { position } = item;
    const start = await prepareItem(hub, tx, { ...chunk, newest }, item, who).catch(
      faultUnlessOurs,
    );
    if (typeof start === 'string') {
      ends.push({ position, flowRunId: null, fault: start });
      continue;
    }
    try {
      await startFlowRun(hub, tx, start);
    } catch (error) {
      faultUnlessOurs(error);
      throw new ItemFault(chunk.batchId, position, error);
    }
    ends.push({ position, flowRunId: start.id, fault: null });
  }
  await endItems(tx, chunk.batchId, ends);
  return chunk.items.length;
}

/** What could not be started has no event of its own, and may be the last that is waited for. */
async function endItems(tx: HubTransaction, batchId: string, ends: BatchItemEnd[]): Promise<void> {
  await endBatchItems(tx, batchId, ends);
  tx.notify([eventsTopic]);
}

/** A chunk with its flow, which is read once: a definition may be long. */
type Chunk = FlowBatchChunk & { newest: OwnedFlow | undefined };

/** How an item's flow run is started; nothing is written yet. */
async function prepareItem(
  hub: Hub,
  tx: HubTransaction,
  { batchId, flowName, project, label, request, newest }: Chunk,
  item: FlowBatchChunk['items'][number],
  who: Principal | undefined,
): Promise<FlowRunStart> {
  if (who === undefined) throw new DomainError('notFound', 'who asked for it is gone');
  const { tags, urgency, deadlineAt, rerun } = request;
  const run = item.rerunOf === null ? undefined : await findFlowRun(tx, item.rerunOf);
  const prepared = run && rerun ? await prepareRerun(tx, run, rerun) : undefined;
  const flow = prepared?.flow ?? newest;
  if (flow === undefined) throw new DomainError('notFound', `there is no flow "${flowName}"`);
  const place = startPlace(who, flow, prepared ? undefined : project);
  const input = prepared?.input ?? item.input ?? {};
  const { position, title } = item;
  const redoneLabel = run?.label ?? null;
  return {
    id: hub.newId('flowrun'),
    flow,
    input,
    ...(prepared ? { rerun: prepared.rerun } : {}),
    label: bulkLabel({ label, flowName }, { position, input, title, redoneLabel }),
    tags: { ...run?.tags, ...tags },
    urgency,
    deadlineAt,
    ...place,
    owner: who,
    instrument: run?.instrument ?? null,
    shotNumber: run?.shotNumber ?? null,
    datasetId: item.datasetId ?? run?.datasetId ?? null,
    batchId,
  };
}

/** Why an item cannot be started; trouble of the hub or the database is thrown on. */
function faultUnlessOurs(error: unknown): string {
  if (error instanceof DomainError && error.kind !== 'unavailable') return faultOf(error);
  throw error;
}

function faultOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, flowLimits.causeCharacters);
}
