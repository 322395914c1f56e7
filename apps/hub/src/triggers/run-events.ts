import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import { eventInput } from '@interpulse/domain/trigger/event-input.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import { answerFolder } from './answer-folder.ts';

/** A run of an instrument that began or ended. */
export interface RunEvent {
  on: 'start' | 'end';
  instrument: Instrument;
  number: number;
  /** All parameters of the run as they are known now. */
  parameters: JsonObject;
  /** When it happened, by the instrument's clock; the same each time that it is told. */
  at: string;
  startedAt: string | null;
  endedAt: string | null;
}

/** The event that triggers of the kind `run` hear of: `fireTriggers(hub, tx, [runEvent(…)])`. */
export function runEvent(event: RunEvent): TriggerEvent {
  const { instrument, number, parameters, on, at, startedAt, endedAt } = event;
  const returnTo = answerFolder(instrument.returnTo, `run_${number}`);
  const run = { number, parameters, startedAt, endedAt };
  const document = {
    kind: 'run',
    at,
    on,
    instrument: instrument.name,
    run,
    shot: number,
    returnTo,
  };
  return {
    kind: 'run',
    subject: instrument.name,
    at,
    key: `${on} ${number}`,
    summary: `${on} of run ${number}`,
    document,
    ...eventInput(document),
    label: `run ${number}`,
    instrument,
    shotNumber: number,
    datasetId: null,
    depth: 0,
  };
}

/** A parameter of an instrument's run that was told. */
export interface ParameterEvent {
  instrument: Instrument;
  /** The run it belongs to; null between runs. */
  runNumber: number | null;
  /** All parameters as they are known now, with this one. */
  parameters: JsonObject;
  name: string;
  value: Json;
  /** Its value before; undefined when it had none. */
  previous: Json | undefined;
  /** When it was set, by the instrument's clock; the same each time that it is told. */
  at: string;
}

/** The event that triggers of the kind `parameter` hear of. */
export function parameterEvent(event: ParameterEvent): TriggerEvent {
  const { instrument, runNumber, parameters, name, value, previous, at } = event;
  const returnTo = answerFolder(instrument.returnTo, `run_${runNumber ?? 0}`);
  const parameter = {
    name,
    value,
    previous: previous ?? null,
    isNew: previous === undefined,
  };
  const document = {
    kind: 'parameter',
    at,
    instrument: instrument.name,
    run: runNumber === null ? null : { number: runNumber, parameters },
    parameter,
    shot: runNumber,
    returnTo,
  };
  return {
    kind: 'parameter',
    subject: instrument.name,
    at,
    key: `${runNumber ?? '-'} ${name} ${at}`.slice(0, 300),
    summary: `${name} is ${JSON.stringify(value).slice(0, 80)}`,
    document,
    ...eventInput(document),
    label: runNumber === null ? name : `run ${runNumber}, ${name}`,
    instrument,
    shotNumber: runNumber,
    datasetId: null,
    depth: 0,
  };
}
