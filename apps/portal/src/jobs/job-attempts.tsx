import { useState } from 'react';
import { Button } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatDuration } from '../format/duration.ts';
import { formatBytes } from '../format/quantity.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { AttemptProvenance } from './attempt-provenance.tsx';

type Attempt = Schemas['JobAttempt'];

const columns: TableColumn<Attempt>[] = [
  {
    id: 'outcome',
    header: 'Outcome',
    cell: (attempt) => <StatusMark status={attempt.outcome ?? 'running'} />,
  },
  { id: 'reason', header: 'Why', isText: true, cell: (attempt) => reasonWords(attempt) },
  { id: 'site', header: 'Site', cell: (attempt) => attempt.siteName },
  { id: 'host', header: 'Host', isText: true, cell: (attempt) => hostWords(attempt) },
  { id: 'leased', header: 'Leased', cell: (attempt) => <TimeText at={attempt.leasedAt} /> },
  {
    id: 'ran',
    header: 'Ran',
    align: 'right',
    cell: (attempt) => <ElapsedText from={attempt.startedAt} to={attempt.endedAt} />,
  },
  {
    id: 'cpu',
    header: 'CPU',
    align: 'right',
    cell: (attempt) => {
      const seconds = attempt.usage?.cpuSeconds ?? null;
      return seconds === null ? '' : formatDuration(seconds);
    },
  },
  {
    id: 'memory',
    header: 'Memory',
    align: 'right',
    cell: (attempt) => {
      const bytes = attempt.usage?.peakMemoryBytes ?? null;
      return bytes === null ? '' : formatBytes(bytes);
    },
  },
];

/** Every attempt at a job: where it was, how it ended, what it used; one of them in full. */
export function JobAttempts(props: { attempts: Attempt[] }) {
  const { attempts } = props;
  const [chosen, setChosen] = useState<number | null>(null);
  const shown = attempts.find((each) => each.number === chosen) ?? attempts.at(-1);
  const number: TableColumn<Attempt> = {
    id: 'number',
    header: 'Attempt',
    isMain: true,
    isNarrow: true,
    cell: (attempt) =>
      attempts.length === 1 ? (
        attempt.number
      ) : (
        <Button
          variant={attempt === shown ? 'light' : 'subtle'}
          size="compact-sm"
          aria-pressed={attempt === shown}
          aria-label={`Details of attempt ${attempt.number}`}
          onClick={() => setChosen(attempt.number)}
        >
          {attempt.number}
        </Button>
      ),
  };
  return (
    <>
      <DataTable
        label="Attempts"
        columns={[number, ...columns]}
        rows={attempts}
        rowKey={(attempt) => String(attempt.number)}
        empty="No pilot has taken it yet."
      />
      {shown && <AttemptProvenance key={shown.number} attempt={shown} />}
    </>
  );
}

function reasonWords(attempt: Attempt): string {
  const words = [attempt.reason ?? ''];
  const hasSaid = attempt.reason?.includes(`exit code ${attempt.exitCode}`) ?? false;
  if (attempt.exitCode !== null && attempt.exitCode !== 0 && !hasSaid)
    words.push(`exit code ${attempt.exitCode}`);
  if (attempt.signal !== null) words.push(`signal ${attempt.signal}`);
  return words.filter((word) => word !== '').join(', ');
}

function hostWords(attempt: Attempt): string {
  const others = attempt.hosts.length - 1;
  if (attempt.host === null) return '';
  return others > 0 ? `${attempt.host} and ${others} more` : attempt.host;
}
