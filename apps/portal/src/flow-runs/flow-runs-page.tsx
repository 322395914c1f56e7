import { useState } from 'react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Checkbox } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useEmptyWords } from '../access/use-empty-words.ts';
import { useMayWork } from '../access/use-may-work.ts';
import { queries, type FlowRunFilter } from '../api/queries.ts';
import { Choice } from '../parts/choice.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { FilterChoice } from '../parts/filter-choice.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { PageTabs } from '../parts/page-tabs.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ReadableText } from '../parts/readable-text.tsx';
import { SearchInput } from '../parts/search-input.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { TimeLeft } from './time-left.tsx';
import { RunBulkBar } from './run-bulk-bar.tsx';
import { RunChips } from './run-chips.tsx';
import { readableName } from './upcoming-states.ts';

type FlowRun = Schemas['FlowRun'];

const route = getRouteApi('/flow-runs');

const nothing: ReadonlySet<string> = new Set();

const filters = [
  { value: 'all', label: 'All' },
  { value: 'active', label: 'Active' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'failed', label: 'Failed' },
  { value: 'completed', label: 'Completed' },
  { value: 'willBeLate', label: 'Will be late' },
  { value: 'late', label: 'Late' },
] as const;

const columns: TableColumn<FlowRun>[] = [
  {
    id: 'label',
    header: 'Label',
    isMain: true,
    cell: (run) => (
      <Link to="/flow-runs/$flowRunId" params={{ flowRunId: run.id }}>
        {run.label || run.id}
      </Link>
    ),
  },
  { id: 'status', header: 'Status', cell: (run) => <StatusMark status={run.status} /> },
  {
    id: 'now',
    header: 'Doing, or why it ended',
    isText: true,
    isBare: true,
    cell: (run) => doing(run),
  },
  { id: 'flow', header: 'Flow', cell: (run) => run.flowName },
  { id: 'owner', header: 'Owner', isWide: true, cell: (run) => run.owner },
  { id: 'started', header: 'Started', cell: (run) => <TimeText at={run.startedAt} /> },
  {
    id: 'time',
    header: 'Took',
    align: 'right',
    cell: (run) => <ElapsedText from={run.startedAt} to={run.endedAt} />,
  },
  {
    id: 'deadline',
    header: 'Deadline',
    align: 'right',
    cell: (run) => <TimeLeft run={run} />,
  },
];

/** Flow runs: the newest first, or the next deadline first. */
export function FlowRunsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: Partial<typeof search>) => {
    const next = Object.entries({ ...search, ...change }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(next), replace: true });
  };
  const filter: FlowRunFilter = {
    filter: search.filter ?? 'all',
    ...(search.order ? { order: search.order } : {}),
    ...(search.mine ? { mine: 'true' } : {}),
    ...(search.label ? { label: search.label } : {}),
    ...(search.flow ? { flow: search.flow } : {}),
    ...(search.trigger ? { trigger: search.trigger } : {}),
    ...(search.batch ? { batch: search.batch } : {}),
    ...(search.tags ? { tags: search.tags } : {}),
  };
  const runs = useInfiniteQuery(queries.flowRuns(filter));
  const rows = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const [choice, setChoice] = useState({ of: '', keys: nothing });
  // What was chosen in another list is not chosen in this one.
  const searchKey = JSON.stringify(search);
  const chosen = choice.of === searchKey ? choice.keys : nothing;
  const setChosen = (keys: ReadonlySet<string>) => setChoice({ of: searchKey, keys });
  const mayChange = useMayWork();
  const isAll = Object.values(search).every((value) => value === undefined || value === 'all');
  const none = useEmptyWords('No flow run yet.');
  const empty = isAll ? none : 'No flow run matches.';
  const selection = {
    chosen,
    onChange: setChosen,
    nameOf: (run: FlowRun) => run.label || run.id,
  };
  return (
    <>
      <PageHeader title="Flow runs" above={<PageTabs of="flowRuns" />}>
        <SearchInput
          label="Search by label"
          value={search.label ?? ''}
          onChange={(label) => set({ label })}
        />
        <FlowChoice value={search.flow ?? ''} onChange={(flow) => set({ flow })} />
        <Checkbox
          label="Mine"
          checked={search.mine ?? false}
          onChange={(event) => set({ mine: (event.currentTarget.checked || undefined) as true })}
        />
        <Checkbox
          label="Next deadline first"
          checked={search.order === 'deadline'}
          onChange={(event) =>
            set({ order: (event.currentTarget.checked ? 'deadline' : undefined) as 'deadline' })
          }
        />
        <FilterChoice
          label="Status"
          value={search.filter ?? 'all'}
          data={filters}
          onChange={(value) => set({ filter: value })}
        />
      </PageHeader>
      <RunChips search={search} onChange={set} />
      <RunBulkBar rows={rows} chosen={chosen} filter={filter} onClear={() => setChosen(nothing)} />
      {runs.isLoadingError && (
        <ProblemNotice error={runs.error} onRetry={() => void runs.refetch()} />
      )}
      {runs.data && (
        <section className="ip-panel">
          <DataTable
            {...(mayChange && { selection })}
            label="Flow runs"
            columns={columns}
            rows={rows}
            rowKey={(run) => run.id}
            empty={empty}
          />
          <LoadMore {...runs} />
        </section>
      )}
    </>
  );
}

/** Flows by name; one that was put away stays to be chosen while it is. */
function FlowChoice(props: { value: string; onChange: (flow: string) => void }) {
  const flows = useQuery(queries.flows());
  const names = (flows.data?.items ?? []).map(({ name }) => name);
  const all = props.value === '' || names.includes(props.value) ? names : [props.value, ...names];
  return <Choice label="Flow" {...props} data={[{ value: '', label: 'Any flow' }, ...all]} />;
}

function doing(run: FlowRun) {
  if (run.status === 'ACTIVE' || run.status === 'INACTIVE') {
    const step = run.stateName === null ? 'starting' : readableName(run.stateName);
    // An active run has nothing to explain; its reason names the action it waits for.
    if (run.status === 'ACTIVE' || run.reason === null) return step;
    return <ReadableText text={`${step}: ${run.reason}`} />;
  }
  if (run.status === 'SUCCEEDED' || run.reason === null) return null;
  return (
    <span className="ip-dim">
      <ReadableText text={run.reason} />
    </span>
  );
}
