import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { formatDuration } from '../format/duration.ts';
import { pieceOrder, pieceWords } from './piece-words.ts';
import { wholePercents } from './whole-percents.ts';
import classes from './time-went.module.css';

type Timing = Schemas['InstrumentTiming'];
type ShotTiming = Timing['shots'][number];

/** Shots that are drawn one by one. */
const drawnShots = 40;

/** Where the time from a shot to the end of its flow run went, over the last shots. */
export function TimeWent(props: { instrument: string }) {
  const { data } = useQuery(queries.instrumentTiming(props.instrument));
  const shots = (data?.shots ?? []).filter(({ pieces }) => pieces !== null);
  return (
    <section className={`ip-panel ${classes.panel}`} aria-label="Where the time went">
      <div className="ip-head">
        <h2 className="ip-heading">
          Where the time went
          {data && data.typical.length > 0 && (
            <span className={classes.what}> median of shots, share of all time</span>
          )}
        </h2>
        {data && <p>{lateWords(data)}</p>}
      </div>
      {data === undefined || data.typical.length === 0 ? (
        <p className="ip-dim">{data === undefined ? '…' : 'No shot was answered yet.'}</p>
      ) : (
        <>
          <Typical typical={data.typical} />
          <ShotColumns shots={shots.slice(0, drawnShots).toReversed()} />
        </>
      )}
    </section>
  );
}

function lateWords({ counts, medianLateSeconds }: Timing): string {
  const late = counts.late ?? 0;
  if (late === 0 || medianLateSeconds === null) return '';
  const by = formatDuration(medianLateSeconds);
  return late === 1 ? `1 late, by ${by}` : `${late} late, by ${by} in the median`;
}

function Typical(props: { typical: Timing['typical'] }) {
  const percents = wholePercents(props.typical.map(({ share }) => share));
  const shown = props.typical
    .map((each, index) => ({ ...each, percent: percents[index] ?? 0 }))
    .filter(({ percent }) => percent > 0);
  return (
    <>
      <div className={classes.bar} aria-hidden="true">
        {shown.map(({ piece, share }) => (
          <i key={piece} data-piece={piece} style={{ flexGrow: share }} />
        ))}
      </div>
      <ul className={classes.pieces}>
        {shown.map(({ piece, percent, medianSeconds, p90Seconds }) => (
          <li key={piece} title={`nine of ten below ${formatDuration(p90Seconds)}`}>
            <i data-piece={piece} aria-hidden="true" />
            <span>{pieceWords[piece]}</span>
            <b>{formatDuration(medianSeconds)}</b>
            <em>{percent} %</em>
          </li>
        ))}
      </ul>
    </>
  );
}

function ShotColumns(props: { shots: ShotTiming[] }) {
  const longest = Math.max(...props.shots.map((shot) => shot.wholeSeconds ?? 0), 0.001);
  const usual = props.shots.map((shot) => shot.wholeSeconds ?? 0).toSorted((a, b) => a - b);
  // One very long flow run must not flatten all the others.
  const top = Math.min(longest, (usual[Math.floor(usual.length / 2)] ?? longest) * 2.5);
  return (
    <ol className={classes.columns} aria-label="Shots with the parts of their time, oldest first">
      {props.shots.map((shot) => (
        <li key={shot.number}>
          <Column shot={shot} top={top} />
        </li>
      ))}
    </ol>
  );
}

function Column(props: { shot: ShotTiming; top: number }) {
  const { shot, top } = props;
  const whole = shot.wholeSeconds ?? 0;
  const parts = pieceOrder.map((piece) => ({ piece, seconds: shot.pieces?.[piece] ?? 0 }));
  const largest = parts.toSorted((a, b) => b.seconds - a.seconds)[0];
  const most = largest ? `, most of it ${pieceWords[largest.piece]}` : '';
  const text = `Shot ${shot.number}: ${formatDuration(whole)}${most}`;
  if (shot.flowRunId === null) return null;
  return (
    <Link
      to="/flow-runs/$flowRunId"
      params={{ flowRunId: shot.flowRunId }}
      title={text}
      aria-label={text}
    >
      <span style={{ height: `${Math.min(100, (whole / top) * 100)}%` }}>
        {parts
          .filter(({ seconds }) => seconds > 0)
          .map(({ piece, seconds }) => (
            <i key={piece} data-piece={piece} style={{ flexGrow: seconds }} />
          ))}
      </span>
    </Link>
  );
}
