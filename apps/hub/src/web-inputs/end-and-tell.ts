import { DomainError } from '@interpulse/domain/error.ts';
import {
  settleWebInput,
  type WebInputEnding,
} from '@interpulse/domain/web-input/settle-web-input.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  endWebInput,
  holdFlowRun,
  lockWebInput,
  type LockedWebInput,
} from '@interpulse/store/web-inputs/write-web-inputs.ts';
import { applyFlowEvent } from '../flow-runs/apply-flow-event.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { endedEvent } from './ended-event.ts';

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
  await holdFlowRun(tx, flowRunId);
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
