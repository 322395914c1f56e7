import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SegmentedControl } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import classes from './site-usage.module.css';

type Pilot = Schemas['Pilot'];

const columns: TableColumn<Pilot>[] = [
  {
    id: 'state',
    header: 'State',
    isMain: true,
    isNarrow: true,
    cell: (pilot) => <StatusMark status={pilot.state} />,
    sortBy: (pilot) => pilot.state,
  },
  { id: 'pool', header: 'Pool', cell: (pilot) => pilot.pool, sortBy: (pilot) => pilot.pool },
  { id: 'batch', header: 'Batch job', cell: (pilot) => pilot.batchJobId ?? '–' },
  { id: 'host', header: 'Nodes', minWidth: '7rem', cell: (pilot) => nodeWords(pilot) },
  {
    id: 'cores',
    header: 'Cores',
    align: 'right',
    cell: (pilot) => (pilot.cores === 0 ? '–' : pilot.cores),
    sortBy: (pilot) => pilot.cores,
  },
  {
    id: 'started',
    header: 'Started',
    cell: (pilot) => <Start pilot={pilot} />,
    sortBy: (pilot) => pilot.startedAt ?? pilot.expectedAt ?? '',
  },
  { id: 'ends', header: 'Ends', cell: (pilot) => <TimeText at={pilot.endedAt ?? pilot.endsAt} /> },
  { id: 'work', header: 'Work', cell: (pilot) => <Work pilot={pilot} /> },
  {
    id: 'preemptions',
    header: 'Preempted',
    cell: (pilot) => (pilot.preemptions === 0 ? '' : times(pilot.preemptions)),
    sortBy: (pilot) => pilot.preemptions,
  },
  { id: 'reason', header: 'Why', isText: true, isBare: true, cell: (pilot) => pilot.reason },
];

/** The pilots of a site: those that run or wait, or the newest with those that ended. */
export function SitePilots(props: { site: string }) {
  const [isAlive, setAlive] = useState(true);
  const pilots = useQuery(queries.pilots(props.site, isAlive));
  return (
    <section className="ip-panel">
      <div className={classes.head}>
        <h2 className="ip-heading">Pilots</h2>
        <SegmentedControl
          aria-label="Which pilots"
          size="xs"
          value={isAlive ? 'alive' : 'all'}
          data={[
            { value: 'alive', label: 'Now' },
            { value: 'all', label: 'Ended too' },
          ]}
          onChange={(value) => setAlive(value === 'alive')}
        />
      </div>
      {pilots.isLoadingError && <ProblemNotice error={pilots.error} />}
      <DataTable
        label="Pilots"
        columns={columns}
        rows={pilots.data?.items ?? []}
        rowKey={(pilot) => pilot.id}
        empty={isAlive ? 'None runs or waits.' : 'No pilot yet.'}
      />
    </section>
  );
}

function Start(props: { pilot: Pilot }) {
  const { state, startedAt, expectedAt } = props.pilot;
  if (state === 'wanted' || state === 'submitted') {
    if (expectedAt === null) return <span className="ip-dim">not known yet</span>;
    return (
      <>
        <span className="ip-dim">expected</span> <TimeText at={expectedAt} />
      </>
    );
  }
  return <TimeText at={startedAt} />;
}

function Work(props: { pilot: Pilot }) {
  const { id, state, idleSinceAt } = props.pilot;
  if (state !== 'running') return '';
  if (idleSinceAt === null) {
    return (
      <Link to="/jobs" search={{ pilot: id, state: 'open' }}>
        at work
      </Link>
    );
  }
  return (
    <>
      idle since <TimeText at={idleSinceAt} />
    </>
  );
}

function nodeWords(pilot: Pilot): string {
  const first = pilot.host ?? pilot.nodes[0]?.host;
  if (first === undefined) return '–';
  const others = pilot.nodes.length - 1;
  return others > 0 ? `${first} and ${others} more` : first;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
