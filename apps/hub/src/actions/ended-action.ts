import type { JsonObject } from '@interpulse/domain/json.ts';
import type { PerformCall, PerformOutcome } from './action.ts';
import { statusDocument } from './status-document.ts';

/** The outcome of a deferred action that is done, well or not. */
export function endedAction(
  { hub, actionId, run, state, startedAt }: PerformCall,
  details: JsonObject,
  { succeeded = true, displayStatus }: { succeeded?: boolean; displayStatus: string },
): PerformOutcome {
  const document = statusDocument({
    actionId,
    succeeded,
    label: state,
    creatorId: run.ownerId,
    startedAt,
    endedAt: hub.now(),
    displayStatus,
    details,
  });
  return { kind: 'ended', document };
}
