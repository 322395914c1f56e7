import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useEmptyWords } from '../access/use-empty-words.ts';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { queries } from '../api/queries.ts';
import { Choice } from '../parts/choice.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ReadableText } from '../parts/readable-text.tsx';
import { SearchInput } from '../parts/search-input.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { AgeText, TimeText } from '../parts/time-text.tsx';
import { DayCounts } from './day-counts.tsx';
import { OutcomeMark } from './outcome-mark.tsx';
import { sourceKinds, sourceWords } from './source-words.ts';
import { standingOf } from './trigger-standing.ts';
import classes from './triggers.module.css';

type Trigger = Schemas['TriggerReport'];

const route = getRouteApi('/triggers');

const columns: TableColumn<Trigger>[] = [
  {
    id: 'name',
    header: 'Trigger',
    isMain: true,
    isNarrow: true,
    sortBy: (trigger) => trigger.name,
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
    id: 'flow',
    header: 'Starts',
    isNarrow: true,
    sortBy: (trigger) => trigger.flowName,
    cell: (trigger) => (
      <Link to="/flows/$flow" params={{ flow: trigger.flowName }}>
        {trigger.flowName}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    isText: true,
    sortBy: (trigger) => standingOf(trigger).word,
    cell: (trigger) => <Standing trigger={trigger} />,
  },
  {
    id: 'last',
    header: 'Last event',
    isText: true,
    sortBy: (trigger) => trigger.lastFirings[0]?.at ?? '',
    cell: (trigger) => <LastEvent trigger={trigger} />,
  },
  { id: 'day', header: '24 hours', cell: (trigger) => <DayCounts counts={trigger.counts} /> },
  {
    id: 'next',
    header: 'Next due',
    isWide: true,
    sortBy: (trigger) => trigger.nextDueAt ?? '9',
    cell: (trigger) => <TimeText at={trigger.nextDueAt} />,
  },
];

const states = [
  { value: '', label: 'Any state' },
  { value: 'on', label: 'On' },
  { value: 'paused', label: 'Paused' },
  { value: 'failing', label: 'Failing' },
];

/** Triggers: what each listens to, whether it fires, and what it did lately. */
export function TriggersPage() {
  const search = route.useSearch();
  const none = useEmptyWords('Nothing starts a flow by itself yet.');
  const navigate = route.useNavigate();
  const { data, isLoadingError, error, refetch } = useQuery(queries.triggers());
  const set = (change: Partial<Record<keyof typeof search, string>>) => {
    const next = Object.entries({ ...search, ...change }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(next), replace: true });
  };
  const all = data?.items ?? [];
  const rows = all.filter((trigger) => isWanted(trigger, search));
  return (
    <>
      <PageHeader title="Triggers">
        <SearchInput label="Search" value={search.q ?? ''} onChange={(q) => set({ q })} />
        <Choice
          label="Kind"
          value={search.kind ?? ''}
          data={[
            { value: '', label: 'Any kind' },
            ...sourceKinds.map(({ kind, title }) => ({ value: kind, label: title })),
          ]}
          onChange={(kind) => set({ kind })}
        />
        <Choice
          label="State"
          value={search.state ?? ''}
          data={states}
          onChange={(state) => set({ state })}
        />
        <WhoMayWork>
          <Link to="/triggers/new">
            <Button component="span">New trigger</Button>
          </Link>
        </WhoMayWork>
      </PageHeader>
      {isLoadingError && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data && (
        <section className="ip-panel">
          <DataTable
            label="Triggers"
            columns={columns}
            rows={rows}
            rowKey={(trigger) => trigger.name}
            empty={all.length === 0 ? none : 'No trigger matches.'}
          />
        </section>
      )}
    </>
  );
}

function isWanted(
  trigger: Trigger,
  search: { q?: string; kind?: string; state?: string; instrument?: string; flow?: string },
): boolean {
  const { q = '', kind, state, instrument, flow } = search;
  const { source, name, flowName, runAs, project, pause, lastProblem } = trigger;
  if (kind !== undefined && source.kind !== kind) return false;
  if (flow !== undefined && flowName !== flow) return false;
  if (instrument !== undefined && !('instrument' in source && source.instrument === instrument)) {
    return false;
  }
  if (state === 'on' && pause !== null) return false;
  if (state === 'paused' && pause === null) return false;
  if (state === 'failing' && lastProblem === null && pause?.by !== null) return false;
  const text = `${name} ${flowName} ${runAs} ${project} ${sourceWords(source)}`;
  return text.toLowerCase().includes(q.toLowerCase());
}

function Standing(props: { trigger: Trigger }) {
  const { word, tone, why, by, at } = standingOf(props.trigger);
  return (
    <>
      <StatusMark status={word} word={word} tone={tone} />
      {why !== null && (
        <div className={classes.why}>
          {why}
          {by !== null && ` (${by})`}
          {at !== null && (
            <>
              , <AgeText at={at} />
            </>
          )}
        </div>
      )}
    </>
  );
}

function LastEvent(props: { trigger: Trigger }) {
  const [last] = props.trigger.lastFirings;
  if (last === undefined) return <span className="ip-dim">never</span>;
  return (
    <>
      <span className="ip-row" style={{ gap: '0 8px' }}>
        <OutcomeMark outcome={last.outcome} />
        <span className="ip-dim">
          <AgeText at={last.at} />
        </span>
      </span>
      <div className={classes.why}>
        {last.flowRunId === null ? (
          <ReadableText text={last.summary} />
        ) : (
          <Link to="/flow-runs/$flowRunId" params={{ flowRunId: last.flowRunId }}>
            <ReadableText text={last.summary} />
          </Link>
        )}
      </div>
    </>
  );
}
