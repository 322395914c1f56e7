import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { queries } from '../api/queries.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { AgeText, TimeText } from '../parts/time-text.tsx';
import { sourceWords } from '../triggers/source-words.ts';
import { standingOf } from '../triggers/trigger-standing.ts';

type FlowRun = Schemas['FlowRun'];
type Trigger = Schemas['TriggerReport'];

const shownRuns = 8;

const runColumns: TableColumn<FlowRun>[] = [
  {
    id: 'label',
    header: 'Label',
    isMain: true,
    cell: (run) => (
      <Link to="/flow-runs/$flowRunId" params={{ flowRunId: run.id }}>
        {run.label || run.id}
      </Link>
    ),
  },
  { id: 'status', header: 'Status', cell: (run) => <StatusMark status={run.status} /> },
  { id: 'version', header: 'Version', isWide: true, cell: (run) => run.flowVersion },
  { id: 'owner', header: 'Owner', isWide: true, cell: (run) => run.owner },
  { id: 'started', header: 'Started', cell: (run) => <TimeText at={run.startedAt} /> },
  {
    id: 'took',
    header: 'Took',
    align: 'right',
    cell: (run) => <ElapsedText from={run.startedAt} to={run.endedAt} />,
  },
];

/** The last runs of a flow, with a way to all of them. */
export function FlowRunsOf(props: { flow: string }) {
  const { data, isLoadingError, error } = useQuery(queries.lastRunsOfFlow(props.flow));
  if (isLoadingError) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  return (
    <>
      <DataTable
        label="Last flow runs"
        columns={runColumns}
        rows={data.items.slice(0, shownRuns)}
        rowKey={(run) => run.id}
        empty="It never ran."
      />
      {data.items.length > 0 && (
        <p style={{ margin: '10px 0 0' }}>
          <Link to="/flow-runs" search={{ flow: props.flow }}>
            All flow runs of it
          </Link>
        </p>
      )}
    </>
  );
}

const triggerColumns: TableColumn<Trigger>[] = [
  {
    id: 'name',
    header: 'Trigger',
    isMain: true,
    cell: (trigger) => (
      <Link to="/triggers/$trigger" params={{ trigger: trigger.name }}>
        {trigger.name}
      </Link>
    ),
  },
  {
    id: 'source',
    header: 'Listens to',
    isText: true,
    cell: (trigger) => sourceWords(trigger.source),
  },
  {
    id: 'state',
    header: 'State',
    isText: true,
    cell: (trigger) => {
      const { word, tone, why } = standingOf(trigger);
      return (
        <>
          <StatusMark status={word} word={word} tone={tone} />
          {why !== null && <div className="ip-dim">{why}</div>}
        </>
      );
    },
  },
  { id: 'last', header: 'Last fired', cell: (trigger) => <AgeText at={trigger.lastFiredAt} /> },
  { id: 'runAs', header: 'Runs as', isWide: true, cell: (trigger) => trigger.runAs },
];

/** What starts a flow by itself. */
export function FlowTriggers(props: { flow: string }) {
  const { data, isLoadingError, error } = useQuery(queries.triggers());
  if (isLoadingError) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  return (
    <>
      <DataTable
        label="Triggers"
        columns={triggerColumns}
        rows={data.items.filter((trigger) => trigger.flowName === props.flow)}
        rowKey={(trigger) => trigger.name}
        empty="Nothing starts it by itself."
      />
      <WhoMayWork>
        <p style={{ margin: '10px 0 0' }}>
          <Link to="/triggers/new" search={{ flow: props.flow }}>
            Add a trigger
          </Link>
        </p>
      </WhoMayWork>
    </>
  );
}

/** The versions of a flow; old flow runs keep theirs. */
export function FlowVersions(props: { flow: string; shown: number }) {
  const { data, isLoadingError, error } = useQuery(queries.flowVersions(props.flow));
  if (isLoadingError) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  const newest = data.items[0]?.version;
  type Version = (typeof data.items)[number];
  const columns: TableColumn<Version>[] = [
    {
      id: 'version',
      header: 'Version',
      isMain: true,
      cell: ({ version }) => (
        <Link
          to="/flows/$flow"
          params={{ flow: props.flow }}
          search={version === newest ? {} : { version }}
        >
          {version}
          {version === props.shown ? ', shown here' : ''}
        </Link>
      ),
    },
    { id: 'saved', header: 'Saved', cell: (each) => <TimeText at={each.createdAt} /> },
    { id: 'by', header: 'By', cell: (each) => each.savedBy ?? '' },
    { id: 'title', header: 'Title', isWide: true, isText: true, cell: (each) => each.title },
    { id: 'runs', header: 'Flow runs', align: 'right', cell: (each) => each.flowRuns },
  ];
  return (
    <DataTable
      label="Versions"
      columns={columns}
      rows={data.items}
      rowKey={(each) => String(each.version)}
      empty="None."
    />
  );
}
