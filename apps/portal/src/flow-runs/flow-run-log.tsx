import { useInfiniteQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';

const columns: TableColumn<Schemas['FlowLogEntry']>[] = [
  { id: 'at', header: 'Time', isNarrow: true, cell: (entry) => <TimeText at={entry.at} /> },
  {
    id: 'code',
    header: 'Code',
    isNarrow: true,
    cell: (entry) => <span className="ip-mono">{entry.code}</span>,
  },
  { id: 'text', header: 'What happened', isMain: true, cell: (entry) => entry.description },
];

/** A flow run's log with Globus' codes, oldest first. */
export function FlowRunLog(props: { flowRunId: string }) {
  const log = useInfiniteQuery(queries.flowRunLog(props.flowRunId));
  if (log.isLoadingError) return <ProblemNotice error={log.error} />;
  return (
    <>
      <DataTable
        label="Log"
        columns={columns}
        rows={log.data?.pages.flatMap((page) => page.items) ?? []}
        rowKey={(entry) => String(entry.sequence)}
        empty="Nothing yet."
      />
      <LoadMore {...log} label="Show more" />
    </>
  );
}
