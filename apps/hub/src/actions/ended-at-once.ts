import type { JsonObject } from '@interpulse/domain/json.ts';
import type { ActionCall, ActionStart } from './action.ts';
import { statusDocument } from './status-document.ts';

/** What an immediate action answers that did what it was asked, in the transaction of its start. */
export function endedAtOnce(
  { run, step, state, at }: ActionCall,
  details: JsonObject,
  said: { displayStatus: string; label?: string; actionId?: string },
): Extract<ActionStart, { kind: 'ended' }> {
  const document = statusDocument({
    actionId: `${run.id}_${step}`,
    succeeded: true,
    label: state,
    creatorId: run.ownerId,
    startedAt: at,
    endedAt: at,
    details,
    ...said,
  });
  return { kind: 'ended', document };
}
