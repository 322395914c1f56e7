import { authorize } from '@interpulse/domain/access/authorize.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { FlowRunId } from '@interpulse/domain/id.ts';
import type { TriggerVerdict } from '@interpulse/domain/trigger/evaluate-trigger.ts';
import { flowInput } from '@interpulse/domain/trigger/flow-input.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { findPrincipal } from '@interpulse/store/access/access.ts';
import { findFlow } from '@interpulse/store/flows/flows.ts';
import { settleFiring } from '@interpulse/store/triggers/firings.ts';
import type { StoredTrigger } from '@interpulse/store/triggers/triggers.ts';
import { startFlowRun } from '../flow-runs/start-flow-run.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import type { Fired } from './fire-triggers.ts';
import { noteTriggerFailure } from './note-trigger-failure.ts';

/** What a trigger starts its flow with; undefined is what is gone. */
export interface TriggerMeans {
  flow: Awaited<ReturnType<typeof findFlow>>;
  owner: Awaited<ReturnType<typeof findPrincipal>>;
}

/** Reads the flow of a trigger, and the account under which it runs. */
export async function readMeans(tx: HubTransaction, trigger: StoredTrigger): Promise<TriggerMeans> {
  const [flow, owner] = await Promise.all([
    findFlow(tx, trigger.flowName),
    findPrincipal(tx, trigger.ownerId),
  ]);
  return { flow, owner };
}

/**
 * Starts the flow of a trigger whose event is claimed. What goes wrong is undone to the last word
 * and noted: the transaction goes on as if the trigger had not been there.
 */
export async function startTriggeredRun(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
  event: TriggerEvent,
  verdict: TriggerVerdict & { kind: 'start' },
  means: TriggerMeans & { id: FlowRunId },
): Promise<Fired> {
  const { key } = verdict;
  const { id: flowRunId } = means;
  try {
    await tx.undoable(() => start(hub, tx, trigger, event, verdict, means));
    return { trigger: trigger.name, key, outcome: 'fired', reason: null, flowRunId };
  } catch (error) {
    // The database is away or another transaction goes first: all of it is tried again.
    if (error instanceof DomainError && error.kind === 'unavailable') throw error;
    const reason = reasonOf(error);
    hub.log.warn({ err: error, trigger: trigger.name }, 'a trigger could not start its flow');
    await settleFiring(tx, {
      trigger: trigger.name,
      key,
      outcome: 'failed',
      reason,
      flowRunId: null,
      at: hub.now(),
      document: null,
      keepsDocument: event.kind === 'webhook',
    });
    await noteTriggerFailure(hub, tx, trigger, event, reason);
    return { trigger: trigger.name, key, outcome: 'failed', reason, flowRunId: null };
  }
}

async function start(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
  event: TriggerEvent,
  verdict: TriggerVerdict & { kind: 'start' },
  { id, flow, owner }: TriggerMeans & { id: FlowRunId },
): Promise<void> {
  if (event.depth >= triggerLimits.chainDepth) {
    const message =
      `${triggerLimits.chainDepth} flow runs, or fewer of which several began at once, have ` +
      `started each other through triggers before it; does flow ${trigger.flowName} start itself?`;
    throw new DomainError('exhausted', message);
  }
  if (!flow) {
    throw new DomainError('notFound', `there is no flow ${trigger.flowName}; save it again`);
  }
  if (!owner) {
    const message = `its account ${trigger.runAs} is gone; save the trigger under another one`;
    throw new DomainError('notFound', message);
  }
  // Whoever has left the project since it was saved starts nothing there any more.
  if (authorize(owner, 'run', { project: trigger.project, ownerId: null }) !== 'allowed') {
    const message = `${trigger.runAs} may no longer run anything in project ${trigger.project}`;
    throw new DomainError('forbidden', `${message}; save the trigger under another account`);
  }
  await startFlowRun(hub, tx, {
    id,
    flow,
    input: flowInput(trigger, event, verdict.input, flow.inputSchema),
    label: verdict.label,
    urgency: trigger.urgency,
    deadlineAt: verdict.deadlineAt,
    followsShotClock: verdict.followsShotClock,
    tags: trigger.tags,
    project: trigger.project,
    owner,
    instrument: event.instrument?.name ?? null,
    shotNumber: event.shotNumber,
    datasetId: event.datasetId,
    trigger: trigger.name,
  });
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, triggerLimits.reasonLength);
}
