import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { triggerQueries } from '../api/trigger-queries.ts';
import { formatCount } from '../format/quantity.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { PageTabs } from '../parts/page-tabs.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { BatchBar } from './batch-bar.tsx';

type Batch = Schemas['FlowBatch'];

const columns: TableColumn<Batch>[] = [
  {
    id: 'label',
    header: 'Batch',
    isMain: true,
    cell: (batch) => (
      <Link to="/flow-batches/$batchId" params={{ batchId: batch.id }}>
        {batch.label || `${formatCount(batch.total)} × ${batch.flowName}`}
      </Link>
    ),
  },
  {
    id: 'flow',
    header: 'Flow',
    cell: (batch) => (
      <Link to="/flows/$flow" params={{ flow: batch.flowName }}>
        {batch.flowName}
      </Link>
    ),
  },
  { id: 'total', header: 'Flow runs', align: 'right', cell: (batch) => formatCount(batch.total) },
  { id: 'state', header: 'How they stand', cell: (batch) => <BatchBar batch={batch} /> },
  { id: 'owner', header: 'Owner', isWide: true, cell: (batch) => batch.owner },
  { id: 'made', header: 'Started', cell: (batch) => <TimeText at={batch.createdAt} /> },
];

/** Flow runs that were started many at a time, newest first. */
export function FlowBatchesPage() {
  const batches = useInfiniteQuery(triggerQueries.flowBatches({}));
  return (
    <>
      <PageHeader title="Batches" above={<PageTabs of="flowRuns" />} />
      {batches.isLoadingError && (
        <ProblemNotice error={batches.error} onRetry={() => void batches.refetch()} />
      )}
      {batches.data && (
        <section className="ip-panel">
          <DataTable
            label="Batches"
            columns={columns}
            rows={batches.data.pages.flatMap((page) => page.items)}
            rowKey={(batch) => batch.id}
            empty={
              'No batch yet. Choose datasets in the catalog and reprocess them with a flow, ' +
              'or choose flow runs and run them again.'
            }
          />
          <LoadMore {...batches} />
        </section>
      )}
    </>
  );
}
