import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import { eventInput } from '@interpulse/domain/trigger/event-input.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';

/** A delivery whose signature is right. */
export interface Delivery {
  /** What makes it another delivery than others. */
  id: string;
  body: Json;
  headers: JsonObject;
  receivedAt: string;
}

/** The event of a webhook's delivery. */
export function webhookEvent(trigger: string, delivery: Delivery): TriggerEvent {
  const { id, body, headers, receivedAt } = delivery;
  const document = { kind: 'webhook', at: receivedAt, receivedAt, delivery: id, body, headers };
  return {
    kind: 'webhook',
    subject: trigger,
    at: receivedAt,
    key: id,
    summary: `delivery ${id}`.slice(0, 200),
    document,
    ...eventInput(document),
    label: `${trigger} ${receivedAt.slice(0, 19)}Z`,
    instrument: null,
    shotNumber: null,
    datasetId: null,
    depth: 0,
  };
}
