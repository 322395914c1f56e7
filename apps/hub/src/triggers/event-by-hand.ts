import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { eventInput } from '@interpulse/domain/trigger/event-input.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import type { StoredTrigger } from '@interpulse/store/triggers/triggers.ts';
import type { Hub } from '../hub.ts';

/** What documents of events have; what else somebody writes goes to the flow as it is. */
const members: ReadonlySet<string> = new Set([
  ...['kind', 'at', 'instrument', 'file', 'path', 'name', 'dataset', 'returnTo', 'shot'],
  ...['sizeBytes', 'metadata', 'stage', 'frames', 'files', 'fileCount'],
  ...['on', 'run', 'parameter', 'scheduledAt'],
  ...['receivedAt', 'delivery', 'body', 'headers', 'flowRun'],
]);

const byHand = 'by hand ';

/** Whether an event was given by hand: it tells nothing of what happens by itself. */
export function isByHand({ key }: TriggerEvent): boolean {
  return key.startsWith(byHand);
}

/** An event of a trigger's kind that somebody gives by hand: one of the past, or a made up one. */
export function eventByHand(
  hub: Hub,
  trigger: StoredTrigger,
  given: JsonObject,
  instrument: Instrument | null,
): TriggerEvent {
  const at = hub.now();
  const { kind } = trigger.source;
  const document = { at, instrument: instrument?.name ?? null, ...given, kind };
  const { basics, offered = {} } = eventInput(document);
  const more = Object.entries(given).filter(([name]) => !members.has(name));
  const { shot, dataset } = given;
  const datasetId = isJsonObject(dataset) ? dataset['id'] : dataset;
  return {
    kind,
    subject: trigger.name,
    at,
    key: `${byHand}${hub.newId('action')}`,
    summary: 'fired by hand',
    document,
    basics: { ...basics, ...Object.fromEntries(more) },
    offered,
    label: `${trigger.name}, by hand`,
    instrument,
    shotNumber: typeof shot === 'number' && Number.isSafeInteger(shot) ? shot : null,
    datasetId: typeof datasetId === 'string' && datasetId.startsWith('dataset_') ? datasetId : null,
    depth: 0,
  };
}
