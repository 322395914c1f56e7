import type { JsonObject } from '@interpulse/domain/json.ts';
import {
  appendEvents,
  eventsTopic,
  type NewEvent,
} from '@interpulse/store/events/append-events.ts';
import type { HubTransaction } from '../hub.ts';
import type { Call } from './handler.ts';

/** What happened to a thing of the whole hub. */
export interface HubFact {
  kind: string;
  subjectType: NewEvent['subjectType'];
  subjectId: string;
  data?: JsonObject;
}

/** Writes what the caller has just done to a thing of the whole hub. */
export async function noteEvent(
  { hub, who }: Pick<Call, 'hub' | 'who'>,
  tx: HubTransaction,
  { data = {}, ...fact }: HubFact,
): Promise<void> {
  const whole = { project: null, flowRunId: null, actor: who.id };
  await appendEvents(tx, [{ at: hub.now(), ...whole, ...fact, data }]);
  tx.notify([eventsTopic]);
}
