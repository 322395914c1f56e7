import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Checkbox, NativeSelect } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries, type JobFilter } from '../api/queries.ts';
import { lookOf } from '../format/status.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { SearchInput } from '../parts/search-input.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';

type Job = Schemas['Job'];

const route = getRouteApi('/jobs');

const stateFilters = [
  { value: '', label: 'Any state' },
  { value: 'open', label: 'Not ended' },
  { value: 'waiting,queued,placed,ready', label: 'Waiting' },
  { value: 'stagingIn,active,stagingOut', label: 'At work' },
  ...['completed', 'failed', 'canceled'].map((state) => ({
    value: state,
    label: capital(lookOf(state).word),
  })),
];

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
    isWide: true,
    cell: (job) => <span className="ip-dim">{job.reason}</span>,
  },
  { id: 'app', header: 'App', cell: (job) => job.app ?? <span className="ip-dim">command</span> },
  { id: 'site', header: 'Site', cell: (job) => job.siteName ?? <span className="ip-dim">–</span> },
  { id: 'owner', header: 'Owner', isWide: true, cell: (job) => job.owner },
  { id: 'made', header: 'Submitted', cell: (job) => <TimeText at={job.createdAt} /> },
  {
    id: 'ran',
    header: 'Ran',
    align: 'right',
    cell: (job) => <ElapsedText from={job.startedAt} to={job.endedAt} />,
  },
];

/** Jobs, newest first. */
export function JobsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const sites = useQuery(queries.sites());
  const apps = useQuery(queries.apps());
  const set = (change: Record<string, unknown>) => {
    const next = Object.entries({ ...search, ...change }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(next), replace: true });
  };
  const { mine, ...words } = search;
  const filter: JobFilter = { ...words, ...(mine ? { mine: 'true' } : {}) };
  const jobs = useInfiniteQuery(queries.jobs(filter));
  const names = (items: { name: string }[] | undefined) => items?.map((each) => each.name) ?? [];
  return (
    <>
      <PageHeader title={search.flowRun ? 'Jobs of a flow run' : 'Jobs'}>
        <SearchInput
          label="Search by label"
          value={search.label ?? ''}
          onChange={(label) => set({ label })}
        />
        <Choice
          label="State"
          value={search.state ?? ''}
          data={stateFilters}
          onChange={(state) => set({ state })}
        />
        <Choice
          label="Site"
          value={search.site ?? ''}
          data={[{ value: '', label: 'Any site' }, ...names(sites.data?.items)]}
          onChange={(site) => set({ site })}
        />
        <Choice
          label="App"
          value={search.app ?? ''}
          data={[{ value: '', label: 'Any app' }, ...names(apps.data?.items)]}
          onChange={(app) => set({ app })}
        />
        <Checkbox
          label="Mine"
          checked={mine ?? false}
          onChange={(event) => set({ mine: event.currentTarget.checked })}
        />
      </PageHeader>
      {search.flowRun && (
        <p>
          <Link to="/flow-runs/$flowRunId" params={{ flowRunId: search.flowRun }}>
            To the flow run
          </Link>{' '}
          · <Link to="/jobs">All jobs</Link>
        </p>
      )}
      {jobs.isLoadingError && (
        <ProblemNotice error={jobs.error} onRetry={() => void jobs.refetch()} />
      )}
      {jobs.data && (
        <section className="ip-panel">
          <DataTable
            label="Jobs"
            columns={columns}
            rows={jobs.data.pages.flatMap((page) => page.items)}
            rowKey={(job) => job.id}
            empty="No job matches."
          />
          <LoadMore {...jobs} />
        </section>
      )}
    </>
  );
}

function Choice(props: {
  label: string;
  value: string;
  data: (string | { value: string; label: string })[];
  onChange: (value: string) => void;
}) {
  return (
    <NativeSelect
      aria-label={props.label}
      value={props.value}
      data={props.data}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
