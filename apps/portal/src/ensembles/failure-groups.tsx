import { Link } from '@tanstack/react-router';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { formatCount } from '../format/quantity.ts';
import { BulkButton } from '../jobs/bulk-button.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';

/** Failed jobs of an ensemble that say the same. */
interface FailureGroup {
  reason: string;
  exitCode: number | null;
  count: number;
  exampleJobId: string;
}

/** What failed and why, the most frequent first; each group can be run again. */
export function FailureGroups(props: {
  ensembleId: string;
  project: string;
  failures: FailureGroup[];
}) {
  const filterOf = (group: FailureGroup) => ({
    ensemble: props.ensembleId,
    state: 'failed',
    reasonIs: group.reason,
  });
  const columns: TableColumn<FailureGroup>[] = [
    {
      id: 'count',
      header: 'Jobs',
      isNarrow: true,
      align: 'right',
      cell: (group) => formatCount(group.count),
    },
    { id: 'reason', header: 'Reason', isMain: true, cell: (group) => group.reason },
    {
      id: 'exit',
      header: 'Exit code',
      isNarrow: true,
      align: 'right',
      cell: (group) => group.exitCode ?? '',
    },
    {
      id: 'links',
      header: 'Look',
      isNarrow: true,
      cell: (group) => (
        <>
          <Link to="/jobs/$jobId" params={{ jobId: group.exampleJobId }}>
            an example
          </Link>
          {' · '}
          <Link to="/jobs" search={filterOf(group)}>
            all of them
          </Link>
        </>
      ),
    },
    {
      id: 'retry',
      header: '',
      isNarrow: true,
      cell: (group) => (
        <WhoMayWork project={props.project}>
          <BulkButton
            action="retry"
            choice={{ filter: filterOf(group) }}
            label="Run these again…"
          />
        </WhoMayWork>
      ),
    },
  ];
  return (
    <DataTable
      label="Failures by reason"
      columns={columns}
      rows={props.failures.toSorted((a, b) => b.count - a.count)}
      rowKey={(group) => `${group.exitCode} ${group.reason}`}
      empty="No job has failed."
    />
  );
}
