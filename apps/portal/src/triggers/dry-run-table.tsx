import { useState } from 'react';
import { Button } from '@mantine/core';
import type { DryFiring, DryRun } from '@interpulse/domain/trigger/trigger-firing.ts';
import { formatCount } from '../format/quantity.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { JsonView } from '../parts/json-view.tsx';
import { ReadableText } from '../parts/readable-text.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { OutcomeMark } from './outcome-mark.tsx';
import classes from './triggers.module.css';

/** Rows shown before one asks for all. */
const fewRows = 10;

const columns: TableColumn<DryFiring>[] = [
  {
    id: 'event',
    header: 'Event',
    isMain: true,
    cell: (item) => <ReadableText text={item.event} />,
  },
  { id: 'at', header: 'When', isNarrow: true, cell: (item) => <TimeText at={item.at} /> },
  {
    id: 'fires',
    header: 'Would fire',
    isNarrow: true,
    cell: (item) => (item.outcome === 'fired' ? 'yes' : <OutcomeMark outcome={item.outcome} />),
  },
  { id: 'label', header: 'Label', isWide: true, isText: true, cell: (item) => item.label ?? '' },
  {
    id: 'reason',
    header: 'Why not',
    isText: true,
    cell: (item) =>
      item.reason && (
        <span className="ip-dim">
          <ReadableText text={item.reason} />
        </span>
      ),
  },
];

/** What a dry run came to: counts, events with why not, and the input of the first. */
export function DryRunTable(props: { ran: DryRun }) {
  const { ran } = props;
  const [isAll, setAll] = useState(false);
  const rows = isAll ? ran.items : ran.items.slice(0, fewRows);
  const first = ran.items.find((item) => item.input !== null);
  return (
    <div role="region" aria-label="Result of the dry run" style={{ marginTop: 14 }}>
      <p style={{ margin: 0 }}>
        <b>{formatCount(ran.wouldFire)}</b> of {formatCount(ran.looked)} events would have started
        the flow, from <TimeText at={ran.from} /> to <TimeText at={ran.to} />.
      </p>
      <div className={classes.chips}>
        {Object.entries(ran.outcomes).map(([outcome, count]) => (
          <span key={outcome} className="ip-row" style={{ gap: 5 }}>
            {formatCount(count)} <OutcomeMark outcome={outcome} />
          </span>
        ))}
      </div>
      <DataTable
        label="What would have fired"
        columns={columns}
        rows={rows}
        rowKey={(item) => `${item.at} ${item.key} ${item.event}`}
        empty="No event of that time matches."
      />
      {!isAll && ran.items.length > fewRows && (
        <Button variant="default" size="xs" mt="sm" onClick={() => setAll(true)}>
          Show all {formatCount(ran.items.length)}
        </Button>
      )}
      {first !== undefined && (
        <div style={{ marginTop: 14 }}>
          <JsonView title={`What the flow is given for ${first.event}`} value={first.input} />
        </div>
      )}
      {[
        ...(ran.isCut ? ['There was more than is told; take a shorter time.'] : []),
        ...ran.notes,
      ].map((note) => (
        <p key={note} className={classes.note}>
          {note.charAt(0).toUpperCase() + note.slice(1)}
        </p>
      ))}
    </div>
  );
}
