import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import type { StoredTrigger } from '@interpulse/store/triggers/triggers.ts';
import type { Hub } from '../hub.ts';

/** An event of a trigger's kind as somebody made it up, to see what comes of it. */
export function eventByHand(
  hub: Hub,
  trigger: StoredTrigger,
  document: JsonObject,
  instrument: Instrument | null,
): TriggerEvent {
  const at = hub.now();
  const { kind } = trigger.source;
  const { shot, dataset } = document;
  return {
    kind,
    subject: trigger.name,
    at,
    key: `by hand ${hub.newId('action')}`,
    summary: 'fired by hand',
    document: { kind, at, instrument: instrument?.name ?? null, ...document },
    basics: document,
    label: `${trigger.name}, by hand`,
    instrument,
    shotNumber: typeof shot === 'number' && Number.isSafeInteger(shot) ? shot : null,
    datasetId: typeof dataset === 'string' && dataset.startsWith('dataset_') ? dataset : null,
    depth: 0,
  };
}
