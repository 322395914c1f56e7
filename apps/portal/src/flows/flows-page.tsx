import { useState } from 'react';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useEmptyWords } from '../access/use-empty-words.ts';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { queries } from '../api/queries.ts';
import { formatDuration } from '../format/duration.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { SearchInput } from '../parts/search-input.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { sumUpRuns } from './last-runs.ts';
import { RunStrip } from './run-strip.tsx';
import classes from './flows.module.css';

type Flow = Schemas['Flow'];

const columns: TableColumn<Flow>[] = [
  {
    id: 'flow',
    header: 'Flow',
    isMain: true,
    cell: (flow) => (
      <>
        <Link to="/flows/$flow" params={{ flow: flow.name }}>
          {flow.title || flow.name}
        </Link>{' '}
        {flow.title !== '' && flow.title !== flow.name && (
          <span className="ip-dim ip-mono">{flow.name}</span>
        )}
        {flow.description !== '' && <div className={classes.description}>{flow.description}</div>}
      </>
    ),
    sortBy: (flow) => flow.title || flow.name,
  },
  {
    id: 'project',
    header: 'Project',
    cell: (flow) => flow.project,
    sortBy: (flow) => flow.project,
  },
  {
    id: 'version',
    header: 'Version',
    cell: (flow) => (
      <>
        {flow.version}
        <div className={classes.saved}>
          saved <TimeText at={flow.updatedAt} />
        </div>
      </>
    ),
    sortBy: (flow) => flow.updatedAt,
  },
  { id: 'runs', header: 'Last runs', cell: (flow) => <LastRunsCell flow={flow.name} /> },
  {
    id: 'start',
    header: '',
    isNarrow: true,
    cell: (flow) => (
      <WhoMayWork project={flow.project} named={[...flow.administrators, ...flow.starters]}>
        <Link
          to="/flows/$flow/start"
          params={{ flow: flow.name }}
          aria-label={`Start ${flow.title || flow.name}`}
        >
          Start
        </Link>
      </WhoMayWork>
    ),
  },
];

/** The library: every flow that one may see, and how it fares. */
export function FlowsPage() {
  const { data, isLoadingError, error, refetch } = useQuery(queries.flows());
  const [wanted, setWanted] = useState('');
  const none = useEmptyWords(
    'There is no flow yet. Write one, or import some: interpulse flow import FILE.',
  );
  const rows = data?.items.filter(({ name, title, description, project }) =>
    `${name} ${title} ${description} ${project}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  return (
    <>
      <PageHeader title="Flows">
        <SearchInput label="Search" value={wanted} onChange={setWanted} />
        <WhoMayWork>
          <Link to="/flows/new">
            <Button component="span">New flow</Button>
          </Link>
        </WhoMayWork>
      </PageHeader>
      {isLoadingError && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {rows && (
        <section className="ip-panel">
          <DataTable
            label="Flows"
            columns={columns}
            rows={rows}
            rowKey={(flow) => flow.name}
            empty={wanted === '' ? none : 'No flow matches.'}
          />
        </section>
      )}
    </>
  );
}

function LastRunsCell(props: { flow: string }) {
  const { data } = useQuery(queries.lastRunsOfFlow(props.flow));
  if (data === undefined) return <span className="ip-dim">…</span>;
  if (data.items.length === 0) return <span className="ip-dim">never ran</span>;
  const { successShare, ended, medianSeconds, newest } = sumUpRuns(data.items);
  return (
    <>
      <RunStrip runs={data.items} />
      <div className="ip-row" style={{ gap: '0 12px' }}>
        {successShare !== null && (
          <span>
            {Math.round(successShare * ended)} of {ended} good
          </span>
        )}
        {medianSeconds !== null && (
          <span title="half of them took less">usually {formatDuration(medianSeconds)}</span>
        )}
        {newest && (
          <span className="ip-row" style={{ gap: 4 }}>
            <StatusMark status={newest.status} />
            <span className="ip-dim">
              <TimeText at={newest.startedAt} />
            </span>
          </span>
        )}
      </div>
    </>
  );
}
