import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { bytes, localTime, measured } from '../output/quantities.ts';
import { renderFields, renderTable } from '../output/render-table.ts';

/** `dataset show`. */
export async function showDataset(context: Context, datasetId: string): Promise<void> {
  const params = { path: { datasetId } };
  const found = await unwrap(context.client.GET('/api/v1/datasets/{datasetId}', { params }));
  const { dataset, sources, results } = found;
  const figures =
    dataset.hasPreview && !context.out.isJson ? await figuresOf(context, datasetId) : [];
  context.out.document(found, () =>
    renderFields([
      ['dataset', dataset.id],
      ['title', dataset.title],
      ['kind', dataset.kind],
      ['project', dataset.project],
      ['owner', dataset.owner],
      ['shot', dataset.shotNumber],
      ['files', `${dataset.fileCount}, ${bytes(dataset.sizeBytes)}`],
      ['keywords', dataset.keywords.join(', ')],
      ['created', localTime(dataset.createdAt, context.nowAt)],
      ['flow run', dataset.flowRunId],
      ...sources.map((each) => ['comes from', `${each.id}  ${each.title}`] as const),
      ...results.map((each) => ['gave', `${each.id}  ${each.title}`] as const),
      ...figures,
    ]),
  );
}

/** The figures of merit of a dataset's preview: name and value with its error and unit. */
export async function figuresOf(
  context: Pick<Context, 'client'>,
  datasetId: string,
): Promise<[string, string][]> {
  const params = { path: { datasetId } };
  const preview = await unwrap(
    context.client.GET('/api/v1/datasets/{datasetId}/preview', { params }),
  );
  return preview.figures.map(({ label, value, error, unit }) => [
    label,
    measured(value, error, unit),
  ]);
}

/** `dataset files`. */
export async function listDatasetFiles(context: Context, datasetId: string): Promise<void> {
  const params = { path: { datasetId } };
  const { files } = await unwrap(context.client.GET('/api/v1/datasets/{datasetId}', { params }));
  context.out.document(files, () =>
    renderTable({
      columns: ['location', 'size', 'changed', 'xxh3'],
      rows: files.map((file) => [
        file.location,
        bytes(file.sizeBytes),
        localTime(file.modifiedAt, context.nowAt),
        file.xxh3,
      ]),
      empty: 'no files',
    }),
  );
}
