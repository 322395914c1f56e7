import { useMemo, useState } from 'react';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { queries } from '../api/queries.ts';
import { formatDuration } from '../format/duration.ts';
import { formatCount } from '../format/quantity.ts';
import { notDone } from '../flow-diagram/race.ts';
import { begunItems, needsPerson, type ItemCounts } from '../flow-diagram/state-progress.ts';
import { lookOf } from '../format/status.ts';
import { StatusMark } from '../parts/status-mark.tsx';
import { pipelineBars } from '../live/pipeline-bars.ts';
import { ExpectedRows } from './expected-rows.tsx';
import { axisTicks, timeLineBars, type TimeLineBar } from './time-line-bars.ts';
import { foldRows, timeLineRows, type ItemsRow, type TimeLineRow } from './time-line-rows.ts';
import { readableName } from './upcoming-states.ts';
import classes from './time-line.module.css';

/** Marks that lie closer than this share of the line have their words on either side. */
const nearShare = 0.12;
/** A number of the axis that is nearer to a mark than this would stand in its words. */
const tickShare = 0.07;

/**
 * A flow run's steps on a time line: waiting pale, work solid, the deadline and now as lines. Items
 * of a Map have a line each, below the step that they are part of.
 */
export function TimeLine(props: {
  flowRun: Schemas['FlowRun'];
  steps: Schemas['FlowStep'][];
  prediction: Schemas['FlowRunDocument']['prediction'];
  /** How many steps of the flow itself there were; `steps` may be the newest of them. */
  ownCount: number;
  /** Of items, when `steps` are not all. */
  items: ReadonlyMap<string, ItemCounts>;
  isState: (name: string) => boolean;
  /** Parallel states of which the first branch that ends well decides. */
  races: ReadonlySet<string>;
  onChoose: (stateName: string) => void;
}) {
  const { flowRun, steps, items, isState, onChoose } = props;
  const own = steps.filter(({ stateName }) => isState(stateName)).length;
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [isWhole, setWhole] = useState(false);
  const rows = useMemo(() => {
    const all = timeLineRows(steps, isState, opened, items);
    return isWhole ? all : foldRows(all);
  }, [steps, isState, opened, items, isWhole]);
  const now = useHubNow(flowRun.endedAt === null ? 200 : 60_000);
  const jobs = useQuery(queries.jobsOfRun(flowRun.id));
  const transfers = useQuery(queries.transfersOfRun(flowRun.id));
  const work = [...(jobs.data?.items ?? []), ...(transfers.data?.items ?? [])];
  const drawn = rows.flatMap((row) =>
    row.kind === 'step' ? [row.step] : row.kind === 'item' ? row.steps : [],
  );
  const bars = new Map(
    timeLineBars(drawn, work, flowRun.startedAt, now).map((bar) => [bar.step.sequence, bar]),
  );
  const zero = Date.parse(flowRun.startedAt);
  const end = flowRun.endedAt === null ? now : Date.parse(flowRun.endedAt);
  const elapsed = Math.max(0.001, (end - zero) / 1000);
  const deadline =
    flowRun.deadlineAt === null ? null : (Date.parse(flowRun.deadlineAt) - zero) / 1000;
  // A deadline far away would squeeze the steps into the corner.
  const showsDeadline = deadline !== null && deadline > 0 && deadline < elapsed * 4;
  const pipeline = pipelineBars(props, flowRun.startedAt, now);
  const expected = pipeline.rows.filter(({ status }) => status === 'expected');
  const longest = Math.max(elapsed, pipeline.finishSeconds ?? 0, showsDeadline ? deadline : 0);
  const length = longest * 1.04;
  const gap = showsDeadline ? (deadline - elapsed) / length : 1;
  const isNear = Math.abs(gap) < nearShare && flowRun.endedAt === null;
  const marked = [
    ...(showsDeadline ? [deadline] : []),
    ...(flowRun.endedAt === null ? [elapsed] : []),
  ];
  const place = (seconds: number) => `${((seconds / length) * 100).toFixed(3)}%`;
  return (
    <div className={classes.line}>
      {own < props.ownCount && (
        <p className="ip-dim">
          The newest {own} of {formatCount(props.ownCount)} steps.
        </p>
      )}
      <div className={classes.axis} aria-hidden="true">
        {axisTicks(length)
          .filter((tick) => marked.every((at) => Math.abs(at - tick) > length * tickShare))
          .map((tick) => (
            <span key={tick} style={{ left: place(tick) }}>
              {tick === 0 ? '0' : formatTickSeconds(tick)}
            </span>
          ))}
      </div>
      <ol className={classes.rows}>
        {rows.map((row) => (
          <Row
            key={row.key}
            row={row}
            races={props.races}
            isInactive={flowRun.status === 'INACTIVE'}
            barOf={(step) => bars.get(step.sequence)}
            place={place}
            onChoose={onChoose}
            onOpen={(step) => setOpened(toggled(opened, step))}
            onUnfold={() => setWhole(true)}
          />
        ))}
        <ExpectedRows rows={expected} place={place} onChoose={onChoose} />
      </ol>
      <div className={classes.marks} aria-hidden="true">
        {showsDeadline && (
          <span
            className={classes.deadline}
            data-side={isNear ? (gap < 0 ? 'left' : 'right') : undefined}
            style={{ left: place(deadline) }}
          >
            <i>deadline</i>
          </span>
        )}
        {flowRun.endedAt === null && (
          <span
            className={classes.now}
            data-side={isNear ? (gap < 0 ? 'right' : 'left') : undefined}
            style={{ left: place(elapsed) }}
          >
            <i>now</i>
          </span>
        )}
      </div>
    </div>
  );
}

function Bar(props: { bar: TimeLineBar; place: (seconds: number) => string }) {
  const { bar, place } = props;
  const { tone } = lookOf(bar.step.status);
  const waited = bar.workFrom - bar.from;
  const words = [
    `${readableName(bar.step.stateName)}: ${formatDuration(bar.to - bar.from)}`,
    waited > 0.005 ? `waited ${formatDuration(waited)}` : '',
    bar.step.reason ?? '',
  ];
  return (
    <span title={words.filter((word) => word !== '').join(', ')}>
      {waited > 0 && (
        <i className={classes.wait} style={{ left: place(bar.from), width: place(waited) }} />
      )}
      <i
        className={classes.work}
        data-tone={tone}
        style={{ left: place(bar.workFrom), width: place(bar.to - bar.workFrom) }}
      />
    </span>
  );
}

interface RowProps<R extends TimeLineRow = TimeLineRow> {
  row: R;
  races: ReadonlySet<string>;
  isInactive: boolean;
  barOf: (step: Schemas['FlowStep']) => TimeLineBar | undefined;
  place: (seconds: number) => string;
  onChoose: (stateName: string) => void;
  onOpen: (step: number) => void;
  onUnfold: () => void;
}

function Row(props: RowProps) {
  const { row } = props;
  switch (row.kind) {
    case 'step':
      return (
        <BarRow
          {...props}
          steps={[row.step]}
          name={row.state}
          status={props.isInactive && needsPerson(row.step) ? 'INACTIVE' : row.step.status}
        />
      );
    case 'item': {
      const state = row.steps.at(-1)?.stateName ?? '';
      return (
        <BarRow
          {...props}
          steps={row.steps}
          name={row.name}
          status={row.status}
          chosen={state.slice(state.indexOf('/') + 1)}
        />
      );
    }
    case 'items':
      return <Items {...props} row={row} />;
    case 'between':
      return (
        <li className={classes.between}>
          <Button variant="default" size="compact-xs" onClick={props.onUnfold}>
            Show {row.count} lines between
          </Button>
        </li>
      );
    case 'more':
      return <li className={`${classes.row} ip-dim`}>and {row.count} more</li>;
  }
}

function BarRow(
  props: RowProps & {
    steps: Schemas['FlowStep'][];
    name: string;
    status: string;
    chosen?: string;
  },
) {
  const { steps, name, status, row, place } = props;
  const bars = steps.flatMap((step) => props.barOf(step) ?? []);
  const isItem = row.kind === 'item';
  const from = bars[0]?.from ?? 0;
  const to = Math.max(from, ...bars.map((bar) => bar.to));
  return (
    <li className={classes.row} data-item={isItem || undefined}>
      <span className={classes.name}>
        <button type="button" onClick={() => props.onChoose(props.chosen ?? name)}>
          <StatusMark status={status} word={isItem ? name : readableName(name)} />
        </button>
      </span>
      <span className={classes.track}>
        {bars.map((bar) => (
          <Bar key={bar.step.sequence} bar={bar} place={place} />
        ))}
      </span>
      <span className={classes.time}>{formatDuration(to - from)}</span>
    </li>
  );
}

function Items(props: RowProps<ItemsRow>) {
  const { counts, isOpen, isParallel, state, step } = props.row;
  const bad = notDone(props.races.has(state), counts);
  const what = props.races.has(state) ? ' in a race' : isParallel ? ' side by side' : '';
  const all = begunItems(counts);
  const share = (count: number) => ({ width: `${(count / Math.max(all, 1)) * 100}%` });
  return (
    <li className={classes.items}>
      <button type="button" aria-expanded={isOpen} onClick={() => props.onOpen(step)}>
        {isOpen ? '−' : '+'} {all} begun{what}: {counts.done} done
        {counts.active > 0 && `, ${counts.active} active`}
        {bad.map(({ count, word, tone }) => (
          <em key={word} data-tone={tone}>
            , {count} {word}
          </em>
        ))}
      </button>
      <span className={classes.share} aria-hidden="true">
        <i data-tone="good" style={share(counts.done)} />
        {bad.map(({ count, word, tone }) => (
          <i key={word} data-tone={tone} style={share(count)} />
        ))}
        <i data-tone="active" style={share(counts.active)} />
      </span>
    </li>
  );
}

function toggled(opened: ReadonlySet<number>, step: number): ReadonlySet<number> {
  const next = new Set(opened);
  if (!next.delete(step)) next.add(step);
  return next;
}

function formatTickSeconds(seconds: number): string {
  if (seconds < 0.1) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  if (seconds < 1) return `${Number(seconds.toFixed(2))} s`;
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 3600) return `${Number((seconds / 60).toFixed(1))} min`;
  return `${Number((seconds / 3600).toFixed(1))} h`;
}
