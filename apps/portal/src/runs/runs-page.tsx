import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Checkbox, NativeSelect, Popover } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { TriggerStates } from '../live/paused-triggers.tsx';
import { formatDuration } from '../format/duration.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { runColumns, runsCsv, type RunColumn } from './run-columns.ts';
import classes from './runs-page.module.css';

type Run = Schemas['InstrumentRun'];

const route = getRouteApi('/instruments/$instrument/runs');

/** Before what differs from instrument to instrument, which may be much. */
const fixedColumns: TableColumn<Run>[] = [
  {
    id: 'run',
    header: 'Run',
    isMain: true,
    isNarrow: true,
    sortBy: (run) => run.number,
    cell: (run) =>
      run.datasetId === null ? (
        run.number
      ) : (
        <Link to="/catalog/$datasetId" params={{ datasetId: run.datasetId }}>
          {run.number}
        </Link>
      ),
  },
  {
    id: 'began',
    header: 'Began',
    isNarrow: true,
    sortBy: (run) => run.takenAt,
    cell: (run) => <TimeText at={run.takenAt} />,
  },
  {
    id: 'answer',
    header: 'Answered after',
    align: 'right',
    sortBy: (run) => run.answerSeconds ?? Number.MAX_VALUE,
    cell: (run) => <Answer run={run} />,
  },
  {
    id: 'flow-run',
    header: 'Flow run',
    cell: (run) =>
      run.flowRunId === null || run.flowStatus === null ? (
        <span className="ip-dim">–</span>
      ) : (
        <Link to="/flow-runs/$flowRunId" params={{ flowRunId: run.flowRunId }}>
          <StatusMark status={run.flowStatus} />
        </Link>
      ),
  },
];

const noRuns =
  "No run yet. Runs come with the instrument's files, or when its control system tells of them.";

function Answer({ run }: { run: Run }) {
  if (run.answerSeconds === null || run.resultDatasetId === null) {
    return <span className="ip-dim">–</span>;
  }
  return (
    <Link to="/catalog/$datasetId" params={{ datasetId: run.resultDatasetId }}>
      {formatDuration(run.answerSeconds)}
      {run.inTime === false && <span className={classes.late}> late</span>}
    </Link>
  );
}

function tableColumn({ id, header, isNumeric, text, order }: RunColumn): TableColumn<Run> {
  return {
    id,
    header,
    ...(isNumeric ? { align: 'right' as const } : {}),
    sortBy: order,
    cell: (run) => text(run) || <span className="ip-dim">–</span>,
  };
}

/** The run table of an instrument: what was set for each run, and what was found. */
export function RunsPage() {
  const { instrument } = route.useParams();
  const { hide = '' } = route.useSearch();
  const runs = useInfiniteQuery(queries.runs(instrument));
  const rows = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const columns = runColumns(rows);
  const hidden = new Set(hide.split(',').filter((id) => id !== ''));
  const shown = columns.filter(({ id }) => !hidden.has(encodeURIComponent(id)));
  return (
    <>
      <PageHeader title="Runs" above={<LiveLink name={instrument} />}>
        <TriggerStates instrument={instrument} />
        <InstrumentChoice name={instrument} />
        <ColumnChoice columns={columns} hidden={hidden} />
        <Button
          variant="default"
          size="xs"
          disabled={rows.length === 0}
          onClick={() => save(`${instrument}-runs.csv`, runsCsv(rows, shown))}
        >
          Save as CSV
        </Button>
      </PageHeader>
      {runs.isLoadingError && (
        <ProblemNotice error={runs.error} onRetry={() => void runs.refetch()} />
      )}
      {runs.data && (
        <section className="ip-panel">
          <DataTable
            label={`Runs of ${instrument}`}
            columns={[...fixedColumns, ...shown.map(tableColumn)]}
            rows={rows}
            rowKey={(run) => String(run.number)}
            empty={noRuns}
          />
          <LoadMore {...runs} />
        </section>
      )}
    </>
  );
}

function LiveLink({ name }: { name: string }) {
  const instruments = useQuery(queries.instruments());
  const found = instruments.data?.items.find((each) => each.name === name);
  return (
    <Link to="/" search={{ instrument: name }}>
      {found?.title || name}
    </Link>
  );
}

function InstrumentChoice({ name }: { name: string }) {
  const instruments = useQuery(queries.instruments());
  const navigate = route.useNavigate();
  const all = instruments.data?.items ?? [];
  if (all.length < 2) return null;
  return (
    <NativeSelect
      aria-label="Instrument"
      size="xs"
      value={name}
      data={all.map((each) => ({ value: each.name, label: each.title || each.name }))}
      onChange={(event) => {
        const instrument = event.currentTarget.value;
        void navigate({ params: { instrument }, search: {} });
      }}
    />
  );
}

/** Which parameters and results stand in the table; what is left out stands in the address. */
function ColumnChoice(props: { columns: RunColumn[]; hidden: ReadonlySet<string> }) {
  const navigate = route.useNavigate();
  const toggle = (id: string): void => {
    const hidden = new Set(props.hidden);
    if (!hidden.delete(id)) hidden.add(id);
    const hide = [...hidden].join(',');
    void navigate({ search: hide === '' ? {} : { hide }, replace: true });
  };
  if (props.columns.length === 0) return null;
  return (
    <Popover position="bottom-end">
      <Popover.Target>
        <Button variant="default" size="xs">
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes.choice}>
          {props.columns.map(({ id, header }) => (
            <Checkbox
              key={id}
              size="sm"
              label={header}
              checked={!props.hidden.has(encodeURIComponent(id))}
              onChange={() => toggle(encodeURIComponent(id))}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
