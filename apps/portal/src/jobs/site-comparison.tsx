import type { CSSProperties } from 'react';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatDuration } from '../format/duration.ts';
import { TimeText } from '../parts/time-text.tsx';
import { estimateParts, layOutSiteBars, type SiteBar, type SiteBars } from './site-bars.ts';
import classes from './site-comparison.module.css';

/** The sites that were looked at for a job, side by side: when the answer would be back. */
export function SiteComparison(props: {
  sites: Schemas['JobExplanation']['sites'];
  deadlineAt: string | null;
  /** Where the job is; null before it is placed. */
  chosen: string | null;
}) {
  const drawn = layOutSiteBars(props.sites, props.deadlineAt);
  return (
    <div className={classes.comparison}>
      {drawn.bars.length > 0 && (
        <>
          <p className={classes.legend} aria-hidden="true">
            {estimateParts.map((part) => (
              <span key={part}>
                <i data-part={part} />
                {part}
              </span>
            ))}
            {drawn.deadlineSeconds !== null && (
              <span>
                <i data-part="deadline" />
                deadline
              </span>
            )}
          </p>
          <ul className={classes.sites} aria-label="Sites that could take it, the earliest first">
            {drawn.bars.map((bar) => (
              <SiteRow
                key={bar.siteName}
                bar={bar}
                drawn={drawn}
                isChosen={bar.siteName === props.chosen}
              />
            ))}
          </ul>
        </>
      )}
      {drawn.refused.length > 0 && (
        <ul className={classes.refused} aria-label="Sites that cannot take it">
          {drawn.refused.map(({ siteName, refusal }) => (
            <li key={siteName}>
              <SiteLink name={siteName} />
              <span>{refusal}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function SiteRow(props: { bar: SiteBar; drawn: SiteBars; isChosen: boolean }) {
  const { bar, drawn } = props;
  const share = (seconds: number) => `${((100 * seconds) / drawn.scaleSeconds).toFixed(2)}%`;
  const words = bar.pieces
    .map(({ part, seconds }) => `${part} ${formatDuration(seconds)}`)
    .join(', ');
  const isCut = bar.totalSeconds > drawn.scaleSeconds * 1.001;
  return (
    <li data-chosen={props.isChosen}>
      <span className={classes.name}>
        <SiteLink name={bar.siteName} />
        {props.isChosen && <span className="ip-dim"> chosen</span>}
      </span>
      <span className={classes.track} role="img" aria-label={words} title={words}>
        {bar.pieces.map(({ part, fromSeconds, seconds }) => (
          <i
            key={part}
            data-part={part}
            style={{ left: share(fromSeconds), width: share(seconds) } satisfies CSSProperties}
          />
        ))}
        {drawn.deadlineSeconds !== null && (
          <i data-part="deadline" style={{ left: share(drawn.deadlineSeconds) }} />
        )}
        {isCut && <em>longer than drawn</em>}
      </span>
      <span className={classes.finish}>
        <b>{formatDuration(bar.totalSeconds)}</b>{' '}
        <span className={bar.isInTime ? 'ip-dim' : classes.late}>
          {bar.isInTime ? 'back by' : 'too late,'} <TimeText at={bar.finishAt} />
        </span>
        <small>{words}</small>
      </span>
    </li>
  );
}

function SiteLink(props: { name: string }) {
  return (
    <Link to="/sites/$site" params={{ site: props.name }}>
      {props.name}
    </Link>
  );
}
