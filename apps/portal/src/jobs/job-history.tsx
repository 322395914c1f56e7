import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { readableName } from '../flow-runs/upcoming-states.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';

type HistoryEvent = Schemas['Event'];

const columns: TableColumn<HistoryEvent>[] = [
  { id: 'at', header: 'Time', isNarrow: true, cell: (event) => <TimeText at={event.at} /> },
  {
    id: 'kind',
    header: 'What happened',
    isNarrow: true,
    isMain: true,
    cell: (event) => readableName(event.kind.split('.').at(-1) ?? event.kind),
  },
  { id: 'data', header: 'Details', isText: true, cell: (event) => detailWords(event) },
];

/** Everything that happened to a job, oldest first. */
export function JobHistory(props: { jobId: string }) {
  const { data, isLoadingError, error } = useQuery(queries.history('job', props.jobId));
  if (isLoadingError) return <ProblemNotice error={error} />;
  return (
    <DataTable
      label="History"
      columns={columns}
      rows={data?.items ?? []}
      rowKey={(event) => event.cursor}
      empty="Nothing yet."
    />
  );
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** The plain values of an event's data as `name value` pairs; ids say nothing to people. */
function detailWords(event: HistoryEvent): string {
  return Object.entries(event.data)
    .filter(([name, value]) => !/Ids?$/.test(name) && isPlain(value))
    .map(([name, value]) => `${readableName(name).toLowerCase()} ${String(value)}`)
    .join(', ');
}
