import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Checkbox } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { jobQueries } from '../api/job-queries.ts';
import type { EnsembleFilter } from '../api/queries.ts';
import { formatCount } from '../format/quantity.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { PageTabs } from '../parts/page-tabs.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { SearchInput } from '../parts/search-input.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { countEnded } from './ensemble-progress.ts';
import { StateBar } from './state-bar.tsx';

type Ensemble = Schemas['Ensemble'];

const route = getRouteApi('/ensembles');

const columns: TableColumn<Ensemble>[] = [
  {
    id: 'label',
    header: 'Label',
    isMain: true,
    cell: (ensemble) => (
      <Link to="/ensembles/$ensembleId" params={{ ensembleId: ensemble.id }}>
        {ensemble.label}
      </Link>
    ),
  },
  {
    id: 'progress',
    header: 'Progress',
    cell: (ensemble) => (
      <div style={{ minWidth: 'min(180px, 70vw)' }}>
        <StateBar ensemble={ensemble} />
      </div>
    ),
  },
  {
    id: 'ended',
    header: 'Ended',
    align: 'right',
    cell: (ensemble) =>
      `${formatCount(countEnded(ensemble.counts))} of ${formatCount(ensemble.total)}`,
  },
  {
    id: 'failed',
    header: 'Failed',
    align: 'right',
    cell: (ensemble) => <Failed count={ensemble.counts.failed ?? 0} />,
  },
  { id: 'owner', header: 'Owner', isWide: true, cell: (ensemble) => ensemble.owner },
  { id: 'project', header: 'Project', isWide: true, cell: (ensemble) => ensemble.project },
  { id: 'made', header: 'Submitted', cell: (ensemble) => <TimeText at={ensemble.createdAt} /> },
  {
    id: 'took',
    header: 'Took',
    align: 'right',
    cell: (ensemble) => <ElapsedText from={ensemble.createdAt} to={ensemble.endedAt} />,
  },
];

/** Ensembles, newest first: how far each is, and whether something failed. */
export function EnsemblesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: Record<string, unknown>) => {
    const next = Object.entries({ ...search, ...change }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(next), replace: true });
  };
  const filter: EnsembleFilter = {
    ...(search.open ? { open: 'true' } : {}),
    ...(search.mine ? { mine: 'true' } : {}),
    ...(search.label ? { label: search.label } : {}),
  };
  const ensembles = useInfiniteQuery(jobQueries.ensembles(filter));
  return (
    <>
      <PageHeader title="Ensembles" above={<PageTabs />}>
        <SearchInput
          label="Search by label"
          value={search.label ?? ''}
          onChange={(label) => set({ label })}
        />
        <Checkbox
          label="Not ended"
          checked={search.open ?? false}
          onChange={(event) => set({ open: event.currentTarget.checked })}
        />
        <Checkbox
          label="Mine"
          checked={search.mine ?? false}
          onChange={(event) => set({ mine: event.currentTarget.checked })}
        />
      </PageHeader>
      {ensembles.isLoadingError && (
        <ProblemNotice error={ensembles.error} onRetry={() => void ensembles.refetch()} />
      )}
      {ensembles.data && (
        <section className="ip-panel">
          <DataTable
            label="Ensembles"
            columns={columns}
            rows={ensembles.data.pages.flatMap((page) => page.items)}
            rowKey={(ensemble) => ensemble.id}
            empty="No ensemble matches. Jobs that are submitted as one request make one."
          />
          <LoadMore {...ensembles} />
        </section>
      )}
    </>
  );
}

function Failed(props: { count: number }) {
  if (props.count === 0) return <span className="ip-dim">0</span>;
  return <span style={{ color: 'var(--ip-bad)' }}>{formatCount(props.count)}</span>;
}
