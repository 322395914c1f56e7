import type { FlowEvent } from '@interpulse/domain/flow/flow-progress.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { WebInputEnd } from '@interpulse/domain/web-input/settle-web-input.ts';
import type { LockedWebInput } from '@interpulse/store/web-inputs/write-web-inputs.ts';

/** What the step that waits for an ended question is told. */
export function endedEvent(
  asked: Pick<LockedWebInput, 'id'> & (WebInputEnd | LockedWebInput),
  step: number,
): FlowEvent {
  const { id, status, endedAt, endedBy, response, comment } = asked;
  const about: JsonObject = { web_input_id: id, ended_at: endedAt };
  switch (status) {
    case 'answered': {
      const document = {
        response,
        responder: endedBy,
        comment,
        web_input_id: id,
        answered_at: endedAt,
      };
      return { kind: 'webInputEnded', step, status, document };
    }
    case 'expired':
      return { kind: 'webInputEnded', step, status, document: about };
    case 'closed': {
      const document = { ...about, closed_by: endedBy, comment };
      return { kind: 'webInputEnded', step, status, document };
    }
    case 'open':
      throw new RangeError(`question ${id} is open: it has not ended`);
  }
}
