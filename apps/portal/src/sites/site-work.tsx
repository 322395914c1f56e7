import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { jobQueries } from '../api/job-queries.ts';
import { formatCount } from '../format/quantity.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { groupWork, type WorkGroup } from './group-work.ts';

const columnsOf = (site: string): TableColumn<WorkGroup>[] => [
  {
    id: 'who',
    header: 'Who',
    isMain: true,
    cell: (group) => (
      <>
        {group.owner} <span className="ip-dim">project {group.project}</span>
      </>
    ),
  },
  {
    id: 'app',
    header: 'App',
    cell: (group) => group.app ?? <span className="ip-dim">command</span>,
  },
  {
    id: 'active',
    header: 'Active',
    align: 'right',
    cell: (group) => formatCount(group.active),
  },
  {
    id: 'waiting',
    header: 'Waiting here',
    align: 'right',
    cell: (group) => formatCount(group.waiting),
  },
  {
    id: 'cores',
    header: 'Cores in use',
    align: 'right',
    cell: (group) => formatCount(group.activeCores),
  },
  {
    id: 'look',
    header: '',
    isNarrow: true,
    cell: (group) => (
      <Link
        to="/jobs"
        search={{
          site,
          state: 'open',
          project: group.project,
          ...(group.app === null ? {} : { app: group.app }),
        }}
      >
        jobs
      </Link>
    ),
  },
];

/** Who uses a site now: work that runs or waits there, by owner and app. */
export function SiteWork(props: { site: string }) {
  const { data, isLoadingError, error } = useQuery(jobQueries.workAtSite(props.site));
  const groups = useMemo(() => groupWork(data?.items ?? []), [data]);
  const columns = useMemo(() => columnsOf(props.site), [props.site]);
  return (
    <section className="ip-panel">
      <h2>Who uses it now</h2>
      {isLoadingError && <ProblemNotice error={error} />}
      <DataTable
        label="Work at the site"
        columns={columns}
        rows={groups}
        rowKey={(group) => `${group.owner} ${group.project} ${group.app}`}
        empty="Nobody."
      />
      {data?.next != null && (
        <p className="ip-dim" style={{ margin: '8px 0 0' }}>
          Of the newest {formatCount(data.items.length)} jobs.
        </p>
      )}
    </section>
  );
}
