import { useMemo, useState } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useMayWork } from '../access/use-may-work.ts';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { useHubNow } from '../api/hub-clock.ts';
import { jobQueries } from '../api/job-queries.ts';
import type { JobFilter } from '../api/queries.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { PageTabs } from '../parts/page-tabs.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { toJobFilter } from './job-filter.ts';
import { JobsFilterBar } from './jobs-filter-bar.tsx';
import { LimitChips } from './limit-chips.tsx';
import { StateFilter } from './state-filter.tsx';

type Job = Schemas['Job'];

const route = getRouteApi('/jobs');

const columns: TableColumn<Job>[] = [
  {
    id: 'label',
    header: 'Label',
    isMain: true,
    cell: (job) => (
      <Link to="/jobs/$jobId" params={{ jobId: job.id }}>
        {job.label || job.id}
      </Link>
    ),
  },
  { id: 'state', header: 'State', cell: (job) => <StatusMark status={job.state} /> },
  {
    id: 'reason',
    header: 'Why',
    isText: true,
    isBare: true,
    cell: (job) => job.reason && <span className="ip-dim">{job.reason}</span>,
  },
  {
    id: 'app',
    header: 'App',
    cell: (job) => job.app ?? <span className="ip-dim">command</span>,
  },
  {
    id: 'site',
    header: 'Site',
    cell: (job) => job.siteName ?? <span className="ip-dim">–</span>,
  },
  { id: 'urgency', header: 'Urgency', isWide: true, cell: (job) => job.urgency },
  { id: 'owner', header: 'Owner', isWide: true, cell: (job) => job.owner },
  {
    id: 'made',
    header: 'Submitted',
    isNarrow: true,
    cell: (job) => <TimeText at={job.createdAt} />,
  },
  {
    id: 'ran',
    header: 'Ran',
    align: 'right',
    cell: (job) => <ElapsedText from={job.startedAt} to={job.endedAt} />,
  },
];

/** Jobs, newest first: found by what they are, and acted on many at a time. */
export function JobsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const minute = useHubNow(60_000);
  const filter = useMemo(() => toJobFilter(search, minute), [search, minute]);
  const { state: _state, ...stateless } = filter;
  const counts = useQuery(jobQueries.jobCounts(stateless));
  const set = (change: Record<string, unknown>) => {
    const next = Object.entries({ ...search, ...change }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(next), replace: true });
  };
  return (
    <>
      <PageHeader title="Jobs" above={<PageTabs />}>
        <WhoMayWork>
          <Link to="/jobs/new">
            <Button component="span" variant="default">
              Submit a job
            </Button>
          </Link>
        </WhoMayWork>
      </PageHeader>
      <div className="ip-stack" style={{ gap: 12 }}>
        <StateFilter
          value={search.state ?? ''}
          counts={counts.data?.counts}
          onChange={(state) => set({ state })}
        />
        <JobsFilterBar search={search} onChange={set} />
        <LimitChips search={search} onChange={set} />
        <JobsList searchKey={JSON.stringify(search)} filter={filter} />
      </div>
    </>
  );
}

const nothing: ReadonlySet<string> = new Set();

function JobsList(props: { searchKey: string; filter: JobFilter }) {
  const { searchKey, filter } = props;
  const [choice, setChoice] = useState({ of: searchKey, keys: nothing });
  // What was chosen in another list is not chosen in this one.
  const chosen = choice.of === searchKey ? choice.keys : nothing;
  const setChosen = (keys: ReadonlySet<string>) => setChoice({ of: searchKey, keys });
  const jobs = useInfiniteQuery(jobQueries.jobs(filter));
  const counts = useQuery({ ...jobQueries.jobCounts(filter), enabled: chosen.size > 0 });
  const mayChange = useMayWork();
  const nameOf = (job: Job) => job.label || job.id;
  const selection = { chosen, onChange: setChosen, nameOf };
  const rows = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  if (jobs.isLoadingError)
    return <ProblemNotice error={jobs.error} onRetry={() => void jobs.refetch()} />;
  if (jobs.data === undefined) return <p className="ip-dim">…</p>;
  return (
    <>
      <BulkBar
        rows={rows}
        chosen={chosen}
        filter={filter}
        total={counts.data?.total}
        onClear={() => setChosen(nothing)}
      />
      <section className="ip-panel">
        <DataTable
          label="Jobs"
          columns={columns}
          rows={rows}
          rowKey={(job) => job.id}
          empty="No job matches."
          {...(mayChange && { selection })}
        />
        <LoadMore {...jobs} />
      </section>
    </>
  );
}
