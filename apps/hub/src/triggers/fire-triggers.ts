import type { FlowRunId } from '@interpulse/domain/id.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import type { Hub, HubTransaction } from '../hub.ts';

/**
 * Offers events to the triggers that listen to them, in the transaction in which they are written.
 * Answers the flow runs that were started, in the order of the triggers' names. Never throws for
 * what is wrong with a trigger: that is noted with it.
 */
export async function fireTriggers(
  _hub: Hub,
  _tx: HubTransaction,
  _events: readonly TriggerEvent[],
): Promise<FlowRunId[]> {
  return [];
}
