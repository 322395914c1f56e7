import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { bytes, localTime } from '../output/quantities.ts';
import { defined, oneOf } from '../read-input.ts';

/** What `dataset list` is told. */
export interface ListDatasetsOptions extends Paging {
  search?: string | undefined;
  kind?: string | undefined;
  instrument?: string | undefined;
  project?: string | undefined;
  flowRun?: string | undefined;
}

/** `dataset list`. */
export async function listDatasets(context: Context, options: ListDatasetsOptions): Promise<void> {
  const { search, instrument, project, flowRun } = options;
  const kind = oneOf('--kind', ['raw', 'result'], options.kind);
  const wanted = defined({ q: search, kind, instrument, project, flowRun });
  await printList(
    context,
    options,
    (page) =>
      unwrap(context.client.GET('/api/v1/datasets', { params: { query: { ...page, ...wanted } } })),
    (datasets) => ({
      columns: ['dataset', 'kind', 'title', 'files', 'size', 'project', 'created'],
      rows: datasets.map((dataset) => [
        dataset.id,
        dataset.kind,
        dataset.title,
        dataset.fileCount,
        bytes(dataset.sizeBytes),
        dataset.project,
        localTime(dataset.createdAt, context.nowAt),
      ]),
      empty: 'no datasets',
    }),
  );
}
