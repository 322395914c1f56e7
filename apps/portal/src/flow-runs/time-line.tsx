import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { queries } from '../api/queries.ts';
import { formatDuration } from '../format/duration.ts';
import { lookOf } from '../format/status.ts';
import { StatusMark } from '../parts/status-mark.tsx';
import { axisTicks, timeLineBars, type TimeLineBar } from './time-line-bars.ts';
import { readableName } from './upcoming-states.ts';
import classes from './time-line.module.css';

/** A flow run's steps on a time line: waiting pale, work solid, the deadline and now as lines. */
export function TimeLine(props: { flowRun: Schemas['FlowRun']; steps: Schemas['FlowStep'][] }) {
  const { flowRun, steps } = props;
  const now = useHubNow(flowRun.endedAt === null ? 200 : 60_000);
  const jobs = useQuery(queries.jobsOfRun(flowRun.id));
  const transfers = useQuery(queries.transfersOfRun(flowRun.id));
  const work = [...(jobs.data?.items ?? []), ...(transfers.data?.items ?? [])];
  const bars = timeLineBars(steps, work, flowRun.startedAt, now);
  const zero = Date.parse(flowRun.startedAt);
  const end = flowRun.endedAt === null ? now : Date.parse(flowRun.endedAt);
  const elapsed = Math.max(0.001, (end - zero) / 1000);
  const deadline =
    flowRun.deadlineAt === null ? null : (Date.parse(flowRun.deadlineAt) - zero) / 1000;
  // A deadline far away would squeeze the steps into the corner.
  const showsDeadline = deadline !== null && deadline > 0 && deadline < elapsed * 4;
  const length = (showsDeadline ? Math.max(elapsed, deadline) : elapsed) * 1.04;
  const place = (seconds: number) => `${((seconds / length) * 100).toFixed(3)}%`;
  return (
    <div className={classes.line}>
      <div className={classes.axis} aria-hidden="true">
        {axisTicks(length).map((tick) => (
          <span key={tick} style={{ left: place(tick) }}>
            {tick === 0 ? '0' : formatTickSeconds(tick)}
          </span>
        ))}
      </div>
      <ol className={classes.rows}>
        {bars.map((bar) => (
          <li key={bar.step.sequence} className={classes.row}>
            <span className={classes.name}>
              <StepName step={bar.step} />
            </span>
            <span className={classes.track}>
              <Bar bar={bar} place={place} />
            </span>
            <span className={classes.time}>{formatDuration(bar.to - bar.from)}</span>
          </li>
        ))}
      </ol>
      <div className={classes.marks} aria-hidden="true">
        {showsDeadline && (
          <span className={classes.deadline} style={{ left: place(deadline) }}>
            <i>deadline</i>
          </span>
        )}
        {flowRun.endedAt === null && (
          <span className={classes.now} style={{ left: place(elapsed) }}>
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

function StepName(props: { step: Schemas['FlowStep'] }) {
  const { step } = props;
  const mark = <StatusMark status={step.status} word={readableName(step.stateName)} />;
  if (step.jobId === null) return mark;
  return (
    <Link to="/jobs/$jobId" params={{ jobId: step.jobId }}>
      {mark}
    </Link>
  );
}

function formatTickSeconds(seconds: number): string {
  if (seconds < 1) return `${Number(seconds.toFixed(3))} s`;
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 3600) return `${Number((seconds / 60).toFixed(1))} min`;
  return `${Number((seconds / 3600).toFixed(1))} h`;
}
