import type { JsonObject } from '@interpulse/domain/json.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import type { TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';

type Source = TriggerSource;

const at = '2026-11-21T09:14:02.000Z';
const datasetId = 'dataset_01kajzjq0000000000000000f1';
const parameters = { sample: 'gold', energy: 7.38, nextShotAt: '2026-11-21T09:16:02.000Z' };
const metadata = { sample: { name: 'gold' }, energy: 7.38, frames: 1200 };

/** An event as it could come from a source: what paths and expressions read. */
export function exampleDocument(source: Source): JsonObject {
  return { kind: source.kind, at, ...documentOf(source) };
}

function documentOf(source: Source): JsonObject {
  switch (source.kind) {
    case 'file': {
      const path = fittingPath(source.pattern);
      const isGrowing = source.stage === 'growing';
      return {
        file: `raw:${path}`,
        path,
        name: path.split('/').at(-1) ?? path,
        ...(isGrowing ? { stage: 'growing', frames: 240 } : { dataset: datasetId }),
        returnTo: 'answers:/',
        shot: 41,
        sizeBytes: 812_000_000,
        metadata: isGrowing ? {} : metadata,
        instrument: source.instrument,
      };
    }
    case 'run': {
      const endedAt = source.on === 'end' ? at : null;
      const run = { number: 41, parameters, startedAt: '2026-11-21T09:12:00.000Z', endedAt };
      const { instrument, on } = source;
      return { run, on, shot: 41, returnTo: 'answers:/', instrument };
    }
    case 'parameter': {
      const { name, instrument } = source;
      const parameter = { name, value: exampleValue(source), previous: null, isNew: true };
      const run = { number: 41, parameters };
      return { parameter, run, shot: 41, returnTo: 'answers:/', instrument };
    }
    case 'dataset': {
      const { keywords, datasetKind } = source;
      const files = ['raw:/raw/0041.h5'];
      const more = { project: source.project ?? 'demo', metadata, keywords, files };
      const kind = datasetKind ?? 'raw';
      const dataset = { id: datasetId, title: 'gold 2026', kind, ...more, flowRunId: null };
      return { dataset, file: files[0] ?? '', returnTo: 'answers:/', shot: 41 };
    }
    case 'schedule':
      return { scheduledAt: at };
    case 'webhook': {
      const headers = { 'content-type': 'application/json' };
      return { body: { sample: 'gold' }, headers, delivery: 'one', receivedAt: at };
    }
    case 'flow':
      return {
        flowRun: {
          id: 'flowrun_01kajzjq0000000000000000f1',
          status: source.on[0] ?? 'SUCCEEDED',
          label: 'shot 41',
          input: { input: { file: 'raw:/raw/0041.h5' } },
          output: {},
          tags: {},
          resultDatasetId: datasetId,
        },
        dataset: datasetId,
        shot: 41,
      };
  }
}

/** A value that the tests of a parameter let through, where one is easy to find. */
function exampleValue({ equals, oneOf, range }: Extract<Source, { kind: 'parameter' }>) {
  return equals ?? oneOf?.[0] ?? range?.least ?? range?.most ?? 'gold';
}

function fittingPath(pattern: string): string {
  const path = pattern.replaceAll('**', 'raw').replaceAll('*', '0041');
  return path === '/raw' ? '/raw/0041.h5' : path;
}

/** The example as an event, for a trial of the rules. */
export function exampleEvent(source: Source): TriggerEvent {
  const document = exampleDocument(source);
  const name = 'instrument' in source ? (source.instrument ?? null) : null;
  const clock = { periodSeconds: 60, nextShotAt: null, lastShotNumber: 41 };
  return {
    kind: source.kind,
    subject: name ?? source.kind,
    at,
    key: 'the event itself',
    summary: 'the example',
    document,
    basics: basicsOf(source, document),
    label: name === null ? 'made of the event' : 'shot 41',
    instrument: name === null ? null : { name, ...clock },
    shotNumber: name === null ? null : 41,
    datasetId: null,
    depth: 0,
  };
}

/** What goes under `input` when nothing is mapped, as the hub does it. */
function basicsOf(source: Source, document: JsonObject): JsonObject {
  const pick = (...names: string[]) =>
    Object.fromEntries(names.flatMap((name) => (name in document ? [[name, document[name]]] : [])));
  const run = { run: 41, shot: 41, returnTo: 'answers:/' };
  switch (source.kind) {
    case 'file':
      return pick('file', 'dataset', 'returnTo', 'shot') as JsonObject;
    case 'run':
      return { instrument: source.instrument, parameters, ...run };
    case 'parameter': {
      const { instrument, name } = source;
      return { instrument, parameter: name, value: exampleValue(source), ...run };
    }
    case 'dataset':
      return { ...pick('file', 'returnTo', 'shot'), dataset: datasetId };
    case 'schedule':
      return { scheduledAt: at };
    case 'webhook':
      return pick('body') as JsonObject;
    case 'flow': {
      const flowRun = 'flowrun_01kajzjq0000000000000000f1';
      const status = source.on[0] ?? 'SUCCEEDED';
      return { flowRun, status, output: {}, dataset: datasetId, shot: 41 };
    }
  }
}
