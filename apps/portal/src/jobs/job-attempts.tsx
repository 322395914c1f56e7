import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';

type Attempt = Schemas['JobAttempt'];

const columns: TableColumn<Attempt>[] = [
  { id: 'number', header: 'Attempt', isMain: true, cell: (attempt) => attempt.number },
  {
    id: 'outcome',
    header: 'Outcome',
    cell: (attempt) => <StatusMark status={attempt.outcome ?? 'running'} />,
  },
  { id: 'reason', header: 'Why', cell: (attempt) => reasonWords(attempt) },
  { id: 'site', header: 'Site', cell: (attempt) => attempt.siteName },
  { id: 'host', header: 'Host', cell: (attempt) => attempt.host },
  { id: 'leased', header: 'Leased', cell: (attempt) => <TimeText at={attempt.leasedAt} /> },
  {
    id: 'ran',
    header: 'Ran',
    align: 'right',
    cell: (attempt) => <ElapsedText from={attempt.startedAt} to={attempt.endedAt} />,
  },
];

/** Every attempt at a job: where it was, and how it ended. */
export function JobAttempts(props: { attempts: Attempt[] }) {
  return (
    <DataTable
      label="Attempts"
      columns={columns}
      rows={props.attempts}
      rowKey={(attempt) => String(attempt.number)}
      empty="No pilot has taken it yet."
    />
  );
}

function reasonWords(attempt: Attempt): string {
  const words = [attempt.reason ?? ''];
  if (attempt.exitCode !== null && attempt.exitCode !== 0)
    words.push(`exit code ${attempt.exitCode}`);
  if (attempt.signal !== null) words.push(`signal ${attempt.signal}`);
  return words.filter((word) => word !== '').join(', ');
}
