import { redactState } from '@interpulse/domain/flow/redact.ts';
import type { Instrument } from '@interpulse/domain/instrument/instrument.ts';
import { isJsonObject, type Json, type JsonObject } from '@interpulse/domain/json.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import { scheduledBetween } from '@interpulse/domain/trigger/schedule.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import type { SourceOf, TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';
import { findInstrument } from '@interpulse/store/instruments/instruments.ts';
import {
  pastDatasets,
  pastDeliveries,
  pastFlowRuns,
  pastParameters,
  pastRuns,
  type PastWindow,
} from '@interpulse/store/triggers/trigger-history.ts';
import type { Hub } from '../hub.ts';
import { datasetEvent } from './dataset-event.ts';
import { fileEvent } from './file-event.ts';
import { flowEvent } from './flow-event.ts';
import { pastFilesOfRuns } from './past-run-files.ts';
import { parameterEvent, runEvent } from './run-events.ts';
import { scheduleEvent } from './schedule-event.ts';
import { webhookEvent } from './webhook-event.ts';

/** Events of the past that a source may match, oldest first, and what limits them. */
export interface PastEvents {
  events: TriggerEvent[];
  notes: string[];
}

const notKept = 'of files that grow nothing is kept: what would have fired is not known';

/** Reads from the history what a trigger would have heard of in a time. */
export async function pastEvents(
  hub: Hub,
  trigger: { name: string; project: string; source: TriggerSource },
  window: PastWindow,
): Promise<PastEvents> {
  const { source, name, project } = trigger;
  switch (source.kind) {
    case 'file':
      if (source.stage === 'growing') return { events: [], notes: [notKept] };
      return pastFiles(hub, source, window);
    case 'run':
      return pastOfRuns(hub, source, window);
    case 'parameter':
      return pastValues(hub, source, window);
    case 'dataset':
      return pastRegistrations(hub, source.project ?? project, window);
    case 'flow':
      return pastEnds(hub, { ...source, project: source.project ?? project }, window);
    case 'schedule': {
      const { from, to, limit } = window;
      const due = scheduledBetween(source, from, to, limit).filter((at) => at < to);
      return { events: due.map((at) => scheduleEvent(name, at)), notes: [] };
    }
    case 'webhook': {
      const deliveries = await pastDeliveries(hub.db, name, window);
      const events = deliveries.map(({ key, at, document }) => {
        const { body = null, headers = {}, delivery } = document;
        const id = typeof delivery === 'string' ? delivery : key;
        const kept = { id, body, headers: isJsonObject(headers) ? headers : {}, receivedAt: at };
        return webhookEvent(name, kept);
      });
      return { events, notes: ['deliveries are kept for 30 days, under the name of the trigger'] };
    }
  }
}

const clockNote = 'deadlines of the next shot are those of the clock now, not of then';

async function instrumentOf(hub: Hub, name: string): Promise<Instrument | null> {
  return (await findInstrument(hub.db, name)) ?? null;
}

async function pastFiles(
  hub: Hub,
  { instrument: name }: SourceOf<'file'>,
  window: PastWindow,
): Promise<PastEvents> {
  const instrument = await instrumentOf(hub, name);
  if (instrument === null) return { events: [], notes: [`there is no instrument ${name} now`] };
  const datasets = await pastDatasets(hub.db, { instrument: name }, window);
  const events = datasets.flatMap((dataset) => {
    const [location] = dataset.files;
    if (location === undefined) return [];
    const { collection, path } = parseLocation(location);
    const { id, createdAt, sizeBytes, shotNumber, metadata } = dataset;
    const file = { path, sizeBytes, closedAt: createdAt, shotNumber, metadata, datasetId: id };
    return [fileEvent({ ...file, instrument: { ...instrument, collection } })];
  });
  return { events, notes: [clockNote] };
}

async function pastOfRuns(
  hub: Hub,
  { instrument: name, on }: SourceOf<'run'>,
  window: PastWindow,
): Promise<PastEvents> {
  const instrument = await instrumentOf(hub, name);
  if (instrument === null) return { events: [], notes: [`there is no instrument ${name} now`] };
  if (on === 'firstFile' || on === 'allFiles') {
    const events = await pastFilesOfRuns(hub, instrument, window);
    return { events, notes: [clockNote, 'parameters of runs are those known now'] };
  }
  const runs = await pastRuns(hub.db, name, on, window);
  const events = runs.map((run) => {
    const at = on === 'start' ? run.startedAt : (run.endedAt ?? run.startedAt);
    return runEvent({ ...run, instrument, on, at });
  });
  const notes = [clockNote, 'parameters of runs are those known now'];
  return { events, notes };
}

async function pastValues(
  hub: Hub,
  { instrument: name }: SourceOf<'parameter'>,
  window: PastWindow,
): Promise<PastEvents> {
  const instrument = await instrumentOf(hub, name);
  if (instrument === null) return { events: [], notes: [`there is no instrument ${name} now`] };
  const told = await pastParameters(hub.db, name, window);
  const known = new Map<number, JsonObject>();
  const events = told.flatMap(({ number, at, parameters: given }) => {
    const before = known.get(number) ?? {};
    const parameters = { ...before, ...given };
    known.set(number, parameters);
    return Object.entries(given).map(([parameter, value]) => {
      const previous: Json | undefined = before[parameter];
      const told = { instrument, runNumber: number, parameters, at, previous };
      return parameterEvent({ ...told, name: parameter, value });
    });
  });
  return { events, notes: [clockNote, 'values set before that time are not known'] };
}

async function pastRegistrations(
  hub: Hub,
  project: string,
  window: PastWindow,
): Promise<PastEvents> {
  const datasets = await pastDatasets(hub.db, { project }, window);
  const names = new Set(datasets.flatMap(({ instrument }) => instrument ?? []));
  const clocks = new Map<string, Instrument | null>();
  for (const name of names) clocks.set(name, await instrumentOf(hub, name));
  const events = datasets.map((dataset) =>
    datasetEvent(
      dataset,
      dataset.files,
      dataset.createdAt,
      clocks.get(dataset.instrument ?? '') ?? null,
    ),
  );
  return { events, notes: [clockNote] };
}

async function pastEnds(
  hub: Hub,
  of: { project: string; flowName: string },
  window: PastWindow,
): Promise<PastEvents> {
  const ended = await pastFlowRuns(hub.db, of, window);
  const events = ended.map(({ run, input, data, privatePaths }) => {
    const shown = {
      input: redactState(input, privatePaths),
      output: redactState(data, privatePaths),
    };
    return flowEvent(run, shown, null);
  });
  return { events, notes: [] };
}
