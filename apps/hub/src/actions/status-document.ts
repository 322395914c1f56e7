import type { JsonObject } from '@interpulse/domain/json.ts';

/** What a status document is made of. */
export interface ActionOutcome {
  actionId: string;
  succeeded: boolean;
  label: string;
  creatorId: string;
  startedAt: string;
  endedAt: string;
  displayStatus: string;
  details: JsonObject;
}

/** The document that an action leaves at its ResultPath, in the action-provider contract's form. */
export function statusDocument(outcome: ActionOutcome): JsonObject {
  return {
    action_id: outcome.actionId,
    status: outcome.succeeded ? 'SUCCEEDED' : 'FAILED',
    display_status: outcome.displayStatus,
    label: outcome.label,
    creator_id: outcome.creatorId,
    start_time: outcome.startedAt,
    completion_time: outcome.endedAt,
    release_after: null,
    details: outcome.details,
  };
}
