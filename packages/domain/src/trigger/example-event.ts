import type { JsonObject } from '../json.ts';
import type { SourceOf, TriggerSource } from './trigger-source.ts';

const at = '2026-11-21T09:14:02.000Z';
const datasetId = 'dataset_01kajzjq0000000000000000f1';
const parameters = { sample: 'gold', energy: 7.38, nextShotAt: '2026-11-21T09:16:02.000Z' };
const metadata = { sample: { name: 'gold' }, energy: 7.38, frames: 1200 };

/**
 * The document of an event as it could come from a source, made up: what is shown until something
 * has happened there.
 */
export function exampleEvent(source: TriggerSource): JsonObject {
  return { kind: source.kind, at, ...documentOf(source) };
}

function documentOf(source: TriggerSource): JsonObject {
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
    case 'run':
      return runDocument(source);
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

function runDocument({ instrument, on, files: wanted }: SourceOf<'run'>): JsonObject {
  const endedAt = on === 'end' ? at : null;
  const run = { number: 41, parameters, startedAt: '2026-11-21T09:12:00.000Z', endedAt };
  const about = { run, shot: 41, returnTo: 'answers:/', instrument };
  if (on === 'start' || on === 'end') return { ...about, on };
  const fileCount = on === 'firstFile' ? 1 : typeof wanted === 'number' ? wanted : 2;
  const files = ['raw:/raw/0041_a.h5', 'raw:/raw/0041_b.h5'].slice(0, fileCount);
  const single = fileCount === 1 ? { file: files[0] ?? '', dataset: datasetId } : {};
  return { ...about, ...single, on: 'files', files, fileCount };
}

/** A value that the tests of a parameter let through, where one is easy to find. */
function exampleValue({ equals, oneOf, range }: SourceOf<'parameter'>) {
  return equals ?? oneOf?.[0] ?? range?.least ?? range?.most ?? 'gold';
}

function fittingPath(pattern: string): string {
  const path = pattern.replaceAll('**', 'raw').replaceAll('*', '0041');
  return path === '/raw' ? '/raw/0041.h5' : path;
}
