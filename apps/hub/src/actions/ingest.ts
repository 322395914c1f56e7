import { ingestInputSchema } from '@interpulse/domain/flow/action-inputs.ts';
import type { Preview } from '@interpulse/domain/dataset/preview.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import {
  insertDataset,
  madeFilesAt,
  previewAtLocation,
} from '@interpulse/store/catalog/write-datasets.ts';
import { noteShotAnswered } from '@interpulse/store/instruments/instruments.ts';
import { fireDatasetTriggers } from '../triggers/dataset-event.ts';
import { demandCollections } from '../services/refuse-collections.ts';
import type { Action } from './action.ts';
import { endedAtOnce } from './ended-at-once.ts';

/** What a preview shows in figures is what people look for later: `rate`, with unit and error. */
function figuresOf(preview: Preview | null): JsonObject {
  const figures = (preview?.figures ?? []).map(({ label, value, error, unit }) => {
    const details = { value, ...(error === undefined ? {} : { error }), ...(unit ? { unit } : {}) };
    return [label, details] as const;
  });
  return Object.fromEntries(figures);
}

/** `interpulse:ingest`: files become a dataset, with their provenance; exactly once for a step. */
export const ingest: Action = {
  deferred: false,

  async start(call) {
    const { hub, tx, run, step, input, at } = call;
    const wanted = ingestInputSchema.parse(input);
    const read = [...wanted.files, ...(wanted.preview ? [wanted.preview] : [])];
    const { project, ownerId: by } = run;
    await demandCollections(tx, { project, by }, 'read', read);
    const made = await madeFilesAt(tx, wanted.files, run.id);
    const known = new Map(made.map((file) => [file.location, file]));
    const preview = wanted.preview ? await previewAtLocation(tx, wanted.preview) : null;
    const dataset = {
      id: hub.newId('dataset'),
      title: wanted.title,
      kind: wanted.kind,
      project: run.project,
      ownerId: run.ownerId,
      instrument: run.instrument,
      shotNumber: run.shotNumber,
      flowRunId: run.id,
      jobId: wanted.files.map((file) => known.get(file)?.jobId).find(Boolean) ?? null,
      derivedFrom: wanted.derivedFrom ?? (run.datasetId === null ? [] : [run.datasetId]),
      metadata: { ...figuresOf(preview), ...wanted.metadata },
      keywords: wanted.keywords ?? [],
      files: wanted.files.map((location) => ({
        location,
        sizeBytes: known.get(location)?.sizeBytes ?? null,
        modifiedAt: null,
        xxh3: known.get(location)?.xxh3 ?? null,
      })),
      preview,
      sourceKey: `${run.id} ${step}`,
    };
    const { id, isNew } = await insertDataset(tx, dataset, at);
    if (isNew) await fireDatasetTriggers(hub, tx, dataset, at);
    if (wanted.kind === 'result') await noteShotAnswered(tx, run.id, id, at);
    const said = { displayStatus: 'registered', label: wanted.title, actionId: id };
    return {
      ...endedAtOnce(call, { datasetId: id }, said),
      ...(wanted.kind === 'result' ? { resultDatasetId: id } : {}),
    };
  },
};
