import { DomainError } from '@interpulse/domain/error.ts';
import type { FlowEvent } from '@interpulse/domain/flow/flow-progress.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import {
  settleWebInput,
  type WebInputEnd,
  type WebInputEnding,
} from '@interpulse/domain/web-input/settle-web-input.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { lockFlowRun } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import {
  endWebInput,
  lockWebInput,
  type LockedWebInput,
} from '@interpulse/store/web-inputs/write-web-inputs.ts';
import { applyFlowEvent } from '../flow-runs/apply-flow-event.ts';
import type { Hub, HubTransaction } from '../hub.ts';

/**
 * Ends a question and tells the steps that wait for it, in a transaction of the caller. The flow
 * run is locked before the question, as everywhere, so that an answer, an expiry and the flow
 * run's own doings come one after the other.
 * @throws DomainError conflict, when it is over already; invalid, when the answer does not fit.
 */
export async function endAndTell(
  hub: Hub,
  tx: HubTransaction,
  { id, flowRunId }: Pick<LockedWebInput, 'id' | 'flowRunId'>,
  { ending, actor }: { ending: WebInputEnding; actor: string | null },
): Promise<void> {
  await lockFlowRun(tx, flowRunId);
  const asked = await lockWebInput(tx, id);
  if (asked === undefined) throw new DomainError('notFound', `there is no question ${id}`);
  const settled = settleWebInput(asked, ending, hub.now());
  if ('refusal' in settled) {
    const { kind, message, faults = [] } = settled.refusal;
    throw new DomainError(kind, message, { faults });
  }
  await endWebInput(tx, asked, settled.end, actor);
  tx.notify([eventsTopic]);
  for (const step of asked.waitingSteps) {
    await applyFlowEvent(hub, tx, flowRunId, endedEvent({ ...asked, ...settled.end }, step));
  }
}

/** Closes a locked question whose flow run knows of it already. */
export async function closeForGood(
  tx: HubTransaction,
  asked: LockedWebInput,
  reason: string,
  at: string,
): Promise<void> {
  const nobody = { endedAt: at, endedBy: null, response: null };
  await endWebInput(tx, asked, { ...nobody, status: 'closed', comment: reason }, null);
}

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
