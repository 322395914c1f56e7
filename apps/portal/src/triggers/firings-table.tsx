import { useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { triggerQueries, type FiringOutcome } from '../api/trigger-queries.ts';
import { Choice } from '../parts/choice.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ReadableText } from '../parts/readable-text.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { OutcomeMark } from './outcome-mark.tsx';
import { outcomeLook, outcomes } from './trigger-standing.ts';

type Firing = Schemas['TriggerFiring'];

const columns: TableColumn<Firing>[] = [
  {
    id: 'event',
    header: 'Event',
    isMain: true,
    cell: (firing) => <ReadableText text={firing.summary} />,
  },
  { id: 'at', header: 'When', isNarrow: true, cell: (firing) => <TimeText at={firing.at} /> },
  {
    id: 'outcome',
    header: 'Outcome',
    isNarrow: true,
    cell: (firing) => <OutcomeMark outcome={firing.outcome} />,
  },
  {
    id: 'reason',
    header: 'Why, or what it started',
    isText: true,
    cell: (firing) =>
      firing.flowRunId === null ? (
        <span className="ip-dim">
          <ReadableText text={firing.reason ?? ''} />
        </span>
      ) : (
        <Link to="/flow-runs/$flowRunId" params={{ flowRunId: firing.flowRunId }}>
          flow run
        </Link>
      ),
  },
  {
    id: 'repeats',
    header: 'Told again',
    isWide: true,
    cell: (firing) =>
      firing.repeats === 0 ? (
        <span className="ip-dim">–</span>
      ) : (
        <span title="The same event came again and started nothing">
          {firing.repeats === 1 ? 'once, a duplicate' : `${firing.repeats} times, duplicates`}
        </span>
      ),
  },
  {
    id: 'key',
    header: 'Key',
    isWide: true,
    isText: true,
    cell: (firing) => <span className="ip-mono ip-dim">{firing.key}</span>,
  },
];

const choices = [
  { value: '', label: 'Any outcome' },
  ...outcomes.map((outcome) => ({ value: outcome, label: outcomeLook(outcome).word })),
];

/** Events at a trigger and what became of them, newest first. */
export function FiringsTable(props: { trigger: string }) {
  const [outcome, setOutcome] = useState('');
  const filter = outcome === '' ? {} : { outcome: outcome as FiringOutcome };
  const firings = useInfiniteQuery(triggerQueries.triggerFirings(props.trigger, filter));
  return (
    <>
      <div className="ip-row" style={{ marginBottom: 8 }}>
        <Choice label="Outcome" value={outcome} data={choices} onChange={setOutcome} />
      </div>
      {firings.isLoadingError && <ProblemNotice error={firings.error} />}
      {firings.data && (
        <DataTable
          label="Events"
          columns={columns}
          rows={firings.data.pages.flatMap((page) => page.items)}
          rowKey={(firing) => `${firing.key} ${firing.at}`}
          empty={outcome === '' ? 'No event yet.' : 'No event with this outcome.'}
        />
      )}
      <LoadMore {...firings} />
    </>
  );
}
