import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { formatDuration, formatSpan } from '../format/duration.ts';
import { stripBars, summarizeBars, type StripBar } from './strip-bars.ts';
import classes from './answer-strip.module.css';

/** The last shots: how soon each was answered, against its deadline. */
export function AnswerStrip(props: { shots: Schemas['Shot'][] }) {
  const now = useHubNow();
  const bars = stripBars(props.shots, now);
  const summary = summarizeBars(bars);
  const deadline = bars.at(-1)?.deadlineSeconds ?? null;
  const longest = Math.max(1, ...bars.map((bar) => bar.seconds ?? 0));
  // One very late answer must not flatten all the others.
  const top =
    deadline === null ? longest : Math.min(Math.max(deadline * 1.3, longest), deadline * 2);
  return (
    <section className={`ip-panel ${classes.panel}`}>
      <div className="ip-head">
        <h2 className="ip-heading">
          Time to answer, last {bars.length} {bars.length === 1 ? 'shot' : 'shots'}
        </h2>
        <p>
          <b>
            {summary.inTime} of {summary.ended}
          </b>{' '}
          in time
          {summary.medianSeconds !== null && (
            <>
              {' · '}median <b>{formatDuration(summary.medianSeconds)}</b>
            </>
          )}
          {summary.slowestSeconds !== null && (
            <>
              {' · '}slowest <b>{formatDuration(summary.slowestSeconds)}</b>
            </>
          )}
        </p>
      </div>
      <div className={classes.plot}>
        {deadline !== null && (
          <div className={classes.deadline} style={{ bottom: `${(deadline / top) * 100}%` }}>
            <span>
              deadline {formatSpan(Number(deadline.toFixed(deadline < 10 ? 1 : 0)))} after the data
            </span>
          </div>
        )}
        <ol className={classes.bars} aria-label="Shots, oldest first">
          {bars.map((bar) => (
            <li key={bar.shot.number}>
              <Bar bar={bar} top={top} />
            </li>
          ))}
        </ol>
      </div>
      <div className={classes.foot}>
        <span>shot {bars[0]?.shot.number}</span>
        <span className={classes.key}>
          {keys.map((outcome) => (
            <span key={outcome}>
              <i data-outcome={outcome} /> {outcomeWords[outcome]}
            </span>
          ))}
        </span>
        <span>shot {bars.at(-1)?.shot.number}</span>
      </div>
    </section>
  );
}

function Bar(props: { bar: StripBar; top: number }) {
  const { bar } = props;
  const share = bar.seconds === null ? 1 : Math.min(1, bar.seconds / props.top);
  const height = `${Math.max(2, share * 100)}%`;
  const text = describeBar(bar);
  const fill = <i data-outcome={bar.outcome} style={{ height }} />;
  if (bar.shot.flowRunId === null) {
    return (
      <span className={classes.bar} title={text} role="img" aria-label={text}>
        {fill}
      </span>
    );
  }
  return (
    <Link
      className={classes.bar}
      to="/flow-runs/$flowRunId"
      params={{ flowRunId: bar.shot.flowRunId }}
      title={text}
      aria-label={text}
    >
      {fill}
    </Link>
  );
}

const keys = ['inTime', 'late', 'failed', 'pending'] as const;

const outcomeWords: Record<StripBar['outcome'], string> = {
  inTime: 'in time',
  late: 'late',
  failed: 'failed',
  pending: 'on its way',
  none: 'no flow run',
};

function describeBar(bar: StripBar): string {
  const time = bar.seconds === null ? '' : `, ${formatDuration(bar.seconds)}`;
  return `Shot ${bar.shot.number}: ${outcomeWords[bar.outcome]}${time}`;
}
