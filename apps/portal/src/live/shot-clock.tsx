import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { formatAge, formatCountdown, formatSpan } from '../format/duration.ts';
import { QuietBar } from '../parts/quiet-bar.tsx';
import classes from './shot-clock.module.css';

/** The count-down to the next shot, read across the room. */
export function ShotClock(props: { instrument: Schemas['Instrument'] }) {
  const { lastShotNumber, lastShotAt, nextShotAt, periodSeconds } = props.instrument;
  const now = useHubNow(200);
  const toNext = nextShotAt === null ? null : (Date.parse(nextShotAt) - now) / 1000;
  const sinceLast = lastShotAt === null ? null : (now - Date.parse(lastShotAt)) / 1000;
  const isOverdue = toNext !== null && toNext < -0.5;
  const nextName = lastShotNumber === null ? 'First shot' : `Shot ${lastShotNumber + 1}`;
  return (
    <section className={`ip-panel ${classes.clock}`} aria-label="Shot clock">
      <h2 className="ip-heading">
        {headWords(nextName, toNext, isOverdue)}
        {periodSeconds !== null && <span>every {formatSpan(periodSeconds)}</span>}
      </h2>
      <div className={classes.count} role="timer" aria-live="off">
        <Count toNext={toNext} sinceLast={sinceLast} />
      </div>
      {periodSeconds !== null && toNext !== null && (
        <QuietBar
          part={Math.min(periodSeconds, Math.max(0, periodSeconds - toNext))}
          whole={periodSeconds}
          label="Part of the period that has passed"
        />
      )}
      <p className={classes.last}>
        {lastShotNumber === null || sinceLast === null ? (
          'No shot yet'
        ) : (
          <>
            Last shot <b>{lastShotNumber}</b>, {formatAge(sinceLast)} ago
          </>
        )}
      </p>
    </section>
  );
}

function headWords(name: string, toNext: number | null, isOverdue: boolean): string {
  if (toNext === null) return name;
  return isOverdue ? `${name} overdue by` : `${name} in`;
}

function Count(props: { toNext: number | null; sinceLast: number | null }) {
  const { toNext, sinceLast } = props;
  if (toNext !== null && toNext >= -0.5) return formatCountdown(toNext);
  if (toNext !== null) return <span data-late>{formatCountdown(-toNext)}</span>;
  return <small>{sinceLast === null ? '–' : `${formatAge(sinceLast)} since the last`}</small>;
}
