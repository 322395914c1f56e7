import { trailOfReference } from '../flow/expression/functions.ts';
import { contains, equals, WorkMeter } from '../flow/expression/expression-values.ts';
import { followTrail } from '../flow/json-path.ts';
import { isJsonObject, type Json } from '../json.ts';
import { matchPath } from './match-path.ts';
import type { TriggerEvent } from './trigger-event.ts';
import type { MetadataCondition, SourceOf, TriggerSource } from './trigger-source.ts';

/**
 * Whether a trigger listens to an event of its kind and subject; see `sourceSubject` for how those
 * that may are found.
 */
export function sourceMatches(source: TriggerSource, event: TriggerEvent): boolean {
  if (source.kind !== event.kind) return false;
  const read = (name: string): Json =>
    Object.hasOwn(event.document, name) ? (event.document[name] ?? null) : null;
  const path = read('path');
  switch (source.kind) {
    case 'file':
      if ((read('stage') === 'growing') !== (source.stage === 'growing')) return false;
      return typeof path === 'string' && matchPath(source.pattern, path);
    case 'run':
      if (read('on') === 'files') return filesMatch(source, read('fileCount'), read('run'));
      return read('on') === source.on;
    case 'parameter':
      return parameterMatches(source, read('parameter'));
    case 'dataset':
      return datasetMatches(source, read('dataset'));
    case 'flow': {
      const run = read('flowRun');
      return isJsonObject(run) && source.on.some((status) => status === run['status']);
    }
    case 'schedule':
    case 'webhook':
      return true;
  }
}

function filesMatch({ on, files }: SourceOf<'run'>, count: Json, run: Json): boolean {
  if (typeof count !== 'number') return false;
  if (on === 'firstFile') return count === 1;
  if (on !== 'allFiles' || files === undefined) return false;
  const parameters = isJsonObject(run) && isJsonObject(run['parameters']) ? run['parameters'] : {};
  const told = typeof files === 'number' ? files : Number(parameters[files] ?? Number.NaN);
  return told > 0 && count >= told;
}

function parameterMatches(source: SourceOf<'parameter'>, parameter: Json): boolean {
  if (!isJsonObject(parameter) || parameter['name'] !== source.name) return false;
  const { value = null, previous = null, isNew } = parameter;
  const hasChanged = isNew === true || !same(value, previous);
  return (!source.changes || hasChanged) && valueHolds(source, value);
}

function datasetMatches(source: SourceOf<'dataset'>, dataset: Json): boolean {
  if (!isJsonObject(dataset)) return false;
  const { kind, instrument, keywords, metadata = {} } = dataset;
  if (source.datasetKind !== undefined && source.datasetKind !== kind) return false;
  if (source.instrument !== undefined && source.instrument !== instrument) return false;
  const known = Array.isArray(keywords) ? keywords : [];
  if (!source.keywords.every((keyword) => known.includes(keyword))) return false;
  return source.where.every((condition) => metadataHolds(condition, metadata));
}

function metadataHolds(condition: MetadataCondition, metadata: Json): boolean {
  const trail = trailOfReference(condition.path);
  const found = trail === null ? { found: false as const } : followTrail(metadata, trail);
  if (!found.found || !valueHolds(condition, found.value)) return false;
  if (condition.contains === undefined) return true;
  const isContainer = typeof found.value === 'object' || typeof found.value === 'string';
  if (!isContainer || found.value === null) return false;
  return contains(found.value, condition.contains, new WorkMeter());
}

type ValueTests = Pick<MetadataCondition, 'equals' | 'oneOf' | 'range'>;

function valueHolds(tests: ValueTests, value: Json): boolean {
  if (tests.equals !== undefined && !same(tests.equals, value)) return false;
  if (tests.oneOf !== undefined && !tests.oneOf.some((one) => same(one, value))) return false;
  if (tests.range === undefined) return true;
  const { least = -Infinity, most = Infinity } = tests.range;
  return typeof value === 'number' && value >= least && value <= most;
}

function same(left: Json, right: Json): boolean {
  return equals(left, right, new WorkMeter());
}
