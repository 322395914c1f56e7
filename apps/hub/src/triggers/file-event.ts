import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { baseName } from '@interpulse/domain/location.ts';
import { eventInput } from '@interpulse/domain/trigger/event-input.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import { answerFolder } from './answer-folder.ts';

/** A file of an instrument that is whole and registered. */
export interface FinishedFile {
  instrument: Instrument;
  /** Within the instrument's collection. */
  path: string;
  sizeBytes: number;
  closedAt: string;
  shotNumber: number | null;
  metadata: JsonObject;
  datasetId: string;
}

/** The event that triggers of the kind `file` hear of. */
export function fileEvent(finished: FinishedFile): TriggerEvent {
  const { instrument, path, sizeBytes, closedAt, shotNumber, metadata, datasetId } = finished;
  const file = `${instrument.collection}:${path}`;
  const name = baseName(file);
  const returnTo = answerFolder(instrument.returnTo, name);
  const document = {
    ...{ file, dataset: datasetId, returnTo },
    ...{ kind: 'file', at: closedAt, instrument: instrument.name, path, name, sizeBytes, metadata },
    shot: shotNumber,
  };
  return {
    kind: 'file',
    subject: instrument.name,
    at: closedAt,
    key: datasetId,
    summary: path,
    document,
    ...eventInput(document),
    label: shotNumber === null ? name : `shot ${shotNumber}`,
    instrument,
    shotNumber,
    datasetId,
    depth: 0,
  };
}

/** A file of an instrument that is written still. */
export interface GrowingFile {
  instrument: Instrument;
  path: string;
  sizeBytes: number;
  seenAt: string;
  shotNumber: number | null;
  /** That can be read already; 0 while none can. */
  frames: number;
}

/** The event that triggers of growing files hear of. There is no dataset of it yet. */
export function growingEvent(growing: GrowingFile): TriggerEvent {
  const { instrument, path, sizeBytes, seenAt, shotNumber, frames } = growing;
  const told = { instrument, path, sizeBytes, shotNumber };
  const whole = fileEvent({ ...told, closedAt: seenAt, metadata: {}, datasetId: '' });
  const { dataset: _, ...finished } = whole.document;
  const document = { ...finished, stage: 'growing', frames };
  return {
    ...whole,
    key: `growing ${path} ${sizeBytes}`,
    summary: `${path} has ${sizeBytes} bytes${frames === 0 ? '' : `, ${frames} frames`}`,
    document,
    ...eventInput(document),
    datasetId: null,
  };
}
