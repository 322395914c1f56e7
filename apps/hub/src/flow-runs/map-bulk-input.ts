import type { Dataset, DatasetFile } from '@interpulse/domain/dataset/dataset.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import { evaluateParameters, inspectParameters } from '@interpulse/domain/flow/parameters.ts';
import { StateError } from '@interpulse/domain/flow/state-error.ts';
import { StateInspection } from '@interpulse/domain/flow/state-inspection.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';

/** Files of a dataset that a mapping sees. */
export const filesPerDataset = 100;

/** What a mapping reads of a dataset: `$.dataset`, its `$.files`, and the first of them. */
export function datasetDocument(dataset: Dataset, files: readonly DatasetFile[]): JsonObject {
  const { id, title, kind, project, instrument, shotNumber, metadata, keywords } = dataset;
  return {
    dataset: {
      ...{ id, title, kind, project, instrument, keywords, derivedFrom: dataset.derivedFrom },
      shotNumber,
      metadata: isJsonObject(metadata) ? metadata : {},
      createdAt: dataset.createdAt,
    },
    files: files.map((file) => ({ ...file })),
    file: files[0]?.location ?? null,
  };
}

/** The input that a flow gets of a dataset when nothing is mapped: as a trigger gives it. */
export const plainMapping: JsonObject = {
  input: { 'file.$': '$.file', 'dataset.$': '$.dataset.id' },
};

/** Faults of a mapping itself: paths and expressions that cannot be read. */
export function faultsOfMapping(mapping: JsonObject): Fault[] {
  const inspection = new StateInspection('mapping');
  inspectParameters(mapping, [], inspection);
  return inspection.faults.map(({ msg, type, loc }) => ({
    loc: ['mapping', ...loc.slice(2)],
    msg,
    type,
  }));
}

/** The input that a mapping makes of a document, or why it makes none. */
export function mapInput(mapping: JsonObject, document: JsonObject): JsonObject | { msg: string } {
  try {
    const { value } = evaluateParameters(mapping, { document, privatePaths: [] });
    return isJsonObject(value) ? value : { msg: 'the mapping makes no object' };
  } catch (error) {
    if (error instanceof StateError) return { msg: error.message };
    throw error;
  }
}
