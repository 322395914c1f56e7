import type { JsonObject } from '@interpulse/domain/json.ts';
import { eventInput } from '@interpulse/domain/trigger/event-input.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import type { TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';

/** An event with a document, for a trial of the rules. */
export function trialEvent(source: TriggerSource, document: JsonObject): TriggerEvent {
  const name = 'instrument' in source ? (source.instrument ?? null) : null;
  const { at, shot } = document;
  const shotNumber = typeof shot === 'number' ? shot : null;
  const clock = { periodSeconds: 60, nextShotAt: null, lastShotNumber: shotNumber };
  return {
    kind: source.kind,
    subject: name ?? source.kind,
    at: typeof at === 'string' ? at : new Date().toISOString(),
    key: 'the event itself',
    summary: 'a trial',
    document,
    ...eventInput(document),
    label: shotNumber === null ? 'made of the event' : `shot ${shotNumber}`,
    instrument: name === null ? null : { name, ...clock },
    shotNumber,
    datasetId: null,
    depth: 0,
  };
}
