import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import { recentFailures } from '@interpulse/store/triggers/firings.ts';
import { pauseTrigger, type StoredTrigger } from '@interpulse/store/triggers/triggers.ts';
import type { Hub, HubTransaction } from '../hub.ts';

/**
 * Writes into the history that a trigger could not start its flow, and pauses it when that has
 * happened too often in a row.
 */
export async function noteTriggerFailure(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
  event: TriggerEvent,
  reason: string,
): Promise<void> {
  const at = hub.now();
  const most = triggerLimits.failuresInARow;
  const isPaused = (await recentFailures(tx, trigger.name, most)) >= most;
  const history = {
    at,
    subjectType: 'trigger' as const,
    subjectId: trigger.name,
    project: trigger.project,
    flowRunId: null,
    actor: null,
  };
  const { datasetId, summary } = event;
  const failed = {
    ...history,
    kind: 'trigger.failed',
    data: { datasetId, event: summary, reason },
  };
  if (!isPaused) {
    await appendEvents(tx, [failed]);
  } else {
    const why = `${most} failures in a row, the last one: ${reason}`;
    await pauseTrigger(tx, trigger.name, {
      pause: { reason: why.slice(0, triggerLimits.reasonLength), by: null, at },
      nextDueAt: null,
      at,
    });
    await appendEvents(tx, [failed, { ...history, kind: 'trigger.paused', data: { reason: why } }]);
  }
  tx.notify([eventsTopic]);
}
