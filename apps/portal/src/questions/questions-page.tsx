import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { Choice } from '../parts/choice.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { TimeLeft } from './time-left.tsx';

type WebInput = Schemas['WebInput'];

const route = getRouteApi('/questions');

const filters = [
  { value: 'mine', label: 'for me' },
  { value: 'open', label: 'all open ones' },
  { value: 'ended', label: 'ended' },
  { value: 'all', label: 'all' },
] as const;

const columns: TableColumn<WebInput>[] = [
  {
    id: 'title',
    header: 'Question',
    isMain: true,
    cell: (asked) => (
      <Link to="/questions/$webInputId" params={{ webInputId: asked.id }}>
        {asked.question.title}
      </Link>
    ),
  },
  { id: 'status', header: 'Status', cell: (asked) => <StatusMark status={asked.status} /> },
  {
    id: 'run',
    header: 'Flow run',
    isText: true,
    cell: (asked) => (
      <Link to="/flow-runs/$flowRunId" params={{ flowRunId: asked.flowRunId }}>
        {asked.label || asked.flowName}
      </Link>
    ),
  },
  { id: 'project', header: 'Project', isWide: true, cell: (asked) => asked.project },
  { id: 'asked', header: 'Asked', cell: (asked) => <TimeText at={asked.createdAt} /> },
  {
    id: 'left',
    header: 'Time left',
    cell: (asked) => asked.status === 'open' && <TimeLeft until={asked.expiresAt} />,
  },
  { id: 'by', header: 'Answered by', isWide: true, cell: (asked) => asked.endedBy },
];

/** Questions that flow runs ask people: first those that one may answer oneself. */
export function QuestionsPage() {
  const { filter = 'mine' } = route.useSearch();
  const navigate = route.useNavigate();
  const questions = useInfiniteQuery(queries.webInputs({ filter }));
  const rows = questions.data?.pages.flatMap((page) => page.items) ?? [];
  const choose = (value: string) => {
    const chosen = filters.find((each) => each.value === value)?.value;
    void navigate({
      search: chosen === 'mine' || !chosen ? {} : { filter: chosen },
      replace: true,
    });
  };
  return (
    <>
      <PageHeader title="Questions">
        <Choice label="Which questions" value={filter} data={filters} onChange={choose} />
      </PageHeader>
      {questions.isLoadingError ? (
        <ProblemNotice error={questions.error} onRetry={() => void questions.refetch()} />
      ) : (
        <section className="ip-panel">
          <DataTable
            label="Questions"
            columns={columns}
            rows={rows}
            rowKey={(asked) => asked.id}
            empty={emptyWords(filter, questions.data === undefined)}
          />
          <LoadMore {...questions} />
        </section>
      )}
    </>
  );
}

function emptyWords(filter: string, isLoading: boolean): string {
  if (isLoading) return '…';
  return filter === 'mine' ? 'Nobody waits for an answer of yours.' : 'There are none.';
}
