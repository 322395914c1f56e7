import { useState } from 'react';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { Choice } from '../parts/choice.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { SearchInput } from '../parts/search-input.tsx';
import { TimeText } from '../parts/time-text.tsx';

type Entry = Schemas['FlowLogEntry'];

const columns: TableColumn<Entry>[] = [
  { id: 'at', header: 'Time', isNarrow: true, cell: (entry) => <TimeText at={entry.at} /> },
  {
    id: 'code',
    header: 'Code',
    isNarrow: true,
    cell: (entry) => <span className="ip-mono">{entry.code}</span>,
  },
  { id: 'text', header: 'What happened', isMain: true, cell: (entry) => entry.description },
];

const kinds = [
  { value: '', label: 'Everything' },
  { value: 'bad', label: 'What went wrong' },
  { value: 'Started', label: 'What started' },
  { value: 'ended', label: 'What ended' },
];

const endings: Record<string, RegExp> = {
  bad: /(Failed|Caught|Retried|Stalled|Canceled)$/,
  Started: /Started$/,
  ended: /(Completed|Succeeded|Failed|Caught|Canceled)$/,
};

/** Lines drawn at first: a log is searched, not scrolled, and the input stands below it. */
const linesStep = 20;

/** A flow run's log with Globus' codes, the newest first; new lines come by themselves. */
export function FlowRunLog(props: { flowRunId: string }) {
  const log = useInfiniteQuery(queries.flowRunLog(props.flowRunId));
  const [kind, setKind] = useState('');
  const [wanted, setWanted] = useState('');
  const [shown, setShown] = useState(linesStep);
  if (log.isLoadingError) return <ProblemNotice error={log.error} />;
  const entries = log.data?.pages.flatMap((page) => page.items) ?? [];
  const matching = entries.filter(
    ({ code, description }) =>
      (endings[kind]?.test(code) ?? true) &&
      `${code} ${description}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  return (
    <>
      <div className="ip-row" style={{ marginBottom: 8 }}>
        <SearchInput label="Search the log" value={wanted} onChange={setWanted} />
        <Choice label="Which lines" value={kind} data={kinds} onChange={setKind} />
        <span className="ip-dim">
          {matching.length} of {entries.length}
          {log.hasNextPage && ', older ones are not here yet'}
        </span>
      </div>
      <DataTable
        label="Log"
        columns={columns}
        rows={matching.slice(0, shown)}
        rowKey={(entry) => String(entry.sequence)}
        empty={entries.length === 0 ? 'Nothing yet.' : 'No line matches.'}
      />
      {matching.length > shown ? (
        <Button variant="default" size="xs" mt="sm" onClick={() => setShown(shown * 4)}>
          Show more of {matching.length} lines
        </Button>
      ) : (
        <LoadMore {...log} label="Show older" />
      )}
    </>
  );
}
