import { useState } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { NativeSelect, SegmentedControl } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useMayWork } from '../access/use-may-work.ts';
import { queries } from '../api/queries.ts';
import { formatBytes, formatCount } from '../format/quantity.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { SearchInput } from '../parts/search-input.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { ReprocessBar } from './reprocess-bar.tsx';

type Dataset = Schemas['Dataset'];

const route = getRouteApi('/catalog');

const nothing: ReadonlySet<string> = new Set();

const kinds = [
  { value: '', label: 'All' },
  { value: 'raw', label: 'Raw' },
  { value: 'result', label: 'Results' },
];

const columns: TableColumn<Dataset>[] = [
  {
    id: 'title',
    header: 'Title',
    isMain: true,
    cell: (dataset) => (
      <Link to="/catalog/$datasetId" params={{ datasetId: dataset.id }}>
        {dataset.title}
      </Link>
    ),
  },
  { id: 'kind', header: 'Kind', cell: (dataset) => dataset.kind },
  { id: 'instrument', header: 'Instrument', cell: (dataset) => dataset.instrument },
  { id: 'shot', header: 'Shot', align: 'right', cell: (dataset) => dataset.shotNumber },
  {
    id: 'keywords',
    header: 'Keywords',
    isWide: true,
    isText: true,
    cell: (dataset) => <span className="ip-dim">{dataset.keywords.join(', ')}</span>,
  },
  { id: 'owner', header: 'Owner', isWide: true, cell: (dataset) => dataset.owner },
  {
    id: 'files',
    header: 'Files',
    align: 'right',
    isWide: true,
    cell: (dataset) => formatCount(dataset.fileCount),
  },
  {
    id: 'size',
    header: 'Size',
    align: 'right',
    cell: (dataset) => formatBytes(dataset.sizeBytes),
  },
  { id: 'made', header: 'Registered', cell: (dataset) => <TimeText at={dataset.createdAt} /> },
];

/** Datasets, newest first, found by title, keywords and metadata. */
export function CatalogPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const instruments = useQuery(queries.instruments());
  const set = (change: Record<string, unknown>) => {
    const next = Object.entries({ ...search, ...change }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(next), replace: true });
  };
  const datasets = useInfiniteQuery(queries.datasets(search));
  const rows = datasets.data?.pages.flatMap((page) => page.items) ?? [];
  const [choice, setChoice] = useState({ of: '', keys: nothing });
  // What was chosen in another list is not chosen in this one.
  const searchKey = JSON.stringify(search);
  const chosen = choice.of === searchKey ? choice.keys : nothing;
  const setChosen = (keys: ReadonlySet<string>) => setChoice({ of: searchKey, keys });
  const mayReprocess = useMayWork();
  const nameOf = (dataset: Schemas['Dataset']) => dataset.title;
  const selection = { chosen, onChange: setChosen, nameOf };
  const names = instruments.data?.items.map((each) => each.name) ?? [];
  return (
    <>
      <PageHeader title="Catalog">
        <SearchInput
          label="Search title, keywords, metadata"
          widthPixels={320}
          value={search.q ?? ''}
          onChange={(q) => set({ q })}
        />
        {names.length > 0 && (
          <NativeSelect
            aria-label="Instrument"
            value={search.instrument ?? ''}
            data={[{ value: '', label: 'Any instrument' }, ...names]}
            onChange={(event) => set({ instrument: event.currentTarget.value })}
          />
        )}
        <SegmentedControl
          aria-label="Kind"
          value={search.kind ?? ''}
          data={kinds}
          onChange={(kind) => set({ kind })}
        />
      </PageHeader>
      {datasets.isLoadingError && (
        <ProblemNotice error={datasets.error} onRetry={() => void datasets.refetch()} />
      )}
      <ReprocessBar
        chosen={chosen}
        filter={search}
        hasMore={datasets.hasNextPage}
        shown={rows.length}
        onClear={() => setChosen(nothing)}
      />
      {datasets.data && (
        <section className="ip-panel">
          <DataTable
            {...(mayReprocess && { selection })}
            label="Datasets"
            columns={columns}
            rows={rows}
            rowKey={(dataset) => dataset.id}
            empty={search.q ? `Nothing found for "${search.q}".` : 'No dataset yet.'}
          />
          <LoadMore {...datasets} />
        </section>
      )}
    </>
  );
}
