import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { resourceWords } from '../format/resource-words.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { PageTabs } from '../parts/page-tabs.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { SearchInput } from '../parts/search-input.tsx';
import { TimeText } from '../parts/time-text.tsx';

type App = Schemas['RegisteredApp'];

const columns: TableColumn<App>[] = [
  {
    id: 'name',
    header: 'App',
    isMain: true,
    cell: (app) => (
      <>
        <Link to="/apps/$app" params={{ app: app.name }}>
          {app.name}
        </Link>
        <div className="ip-dim">{app.title}</div>
      </>
    ),
    sortBy: (app) => app.name,
  },
  { id: 'version', header: 'Version', cell: (app) => app.version },
  {
    id: 'sites',
    header: 'Sites',
    cell: (app) => (app.sites === null ? 'any that allows it' : app.sites.join(', ')),
  },
  { id: 'asks', header: 'Asks for', isWide: true, cell: (app) => resourceWords(app.resources) },
  { id: 'revision', header: 'Revision', align: 'right', cell: (app) => app.revision },
  {
    id: 'changed',
    header: 'Changed',
    cell: (app) => <TimeText at={app.updatedAt} />,
    sortBy: (app) => app.updatedAt,
  },
];

/** The apps that sites can run. */
export function AppsPage() {
  const { data, isLoadingError, error, refetch } = useQuery(queries.apps());
  const [wanted, setWanted] = useState('');
  const rows = data?.items.filter(({ name, title, description }) =>
    `${name} ${title} ${description}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  return (
    <>
      <PageHeader title="Apps" above={<PageTabs />}>
        <SearchInput label="Search" value={wanted} onChange={setWanted} />
      </PageHeader>
      {isLoadingError && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {rows && (
        <section className="ip-panel">
          <DataTable
            label="Apps"
            columns={columns}
            rows={rows}
            rowKey={(app) => app.name}
            empty="No app matches. Administrators add them: interpulse app save FILE."
          />
        </section>
      )}
    </>
  );
}
