import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { queries } from '../api/queries.ts';
import { formatAge, formatDuration } from '../format/duration.ts';
import { Figures } from '../preview/figures.tsx';
import { PreviewView } from '../preview/preview-view.tsx';
import { judgeFreshness, type Freshness } from './freshness.ts';
import classes from './answer-panel.module.css';

/** The newest answer, large, and above it which shot it is for. */
export function AnswerPanel(props: {
  instrument: Schemas['Instrument'];
  shots: Schemas['Shot'][];
}) {
  const now = useHubNow();
  const freshness = judgeFreshness(props.shots, props.instrument.lastShotNumber, now);
  const { shown } = freshness;
  const datasetId = shown?.resultDatasetId ?? null;
  const preview = useQuery({
    ...queries.preview(datasetId ?? ''),
    enabled: datasetId !== null,
    // The last picture stays until the next one is here.
    placeholderData: keepPreviousData,
  });
  return (
    <section className={`ip-panel ${classes.panel}`} aria-label="Newest answer">
      <FreshnessBand freshness={freshness} now={now} />
      {preview.data === undefined ? (
        <div className={classes.plot}>
          <p className="ip-dim">{emptyText(datasetId, preview.isLoadingError)}</p>
        </div>
      ) : (
        <>
          <div className={classes.head}>
            <Figures figures={preview.data.figures ?? []} isLarge />
          </div>
          <div className={classes.plot}>
            <PreviewView preview={preview.data} fontPixels={plotFontPixels()} />
          </div>
        </>
      )}
    </section>
  );
}

/** Larger type for the plot on a large screen. */
function plotFontPixels(): number {
  const remPixels = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const atOneRem = window.innerWidth >= 1600 ? 17 : window.innerWidth >= 900 ? 14 : 12;
  return (atOneRem * remPixels) / 16;
}

function emptyText(datasetId: string | null, isError: boolean): string {
  if (datasetId === null) return 'The first answer will stand here.';
  return isError ? 'This answer has no preview, or it is not yours to see.' : '…';
}

function FreshnessBand(props: { freshness: Freshness; now: number }) {
  const { freshness, now } = props;
  const { shown, kind } = freshness;
  if (shown === null) {
    return <div className={classes.band}>No answer yet</div>;
  }
  const age = (now - Date.parse(shown.answeredAt ?? shown.takenAt)) / 1000;
  return (
    <div className={classes.band} data-kind={kind} role="status">
      <p className={classes.shot}>
        {kind === 'fresh' || kind === 'pending' ? 'Shot ' : 'Answer of shot '}
        {shown.resultDatasetId === null ? (
          shown.number
        ) : (
          <Link to="/catalog/$datasetId" params={{ datasetId: shown.resultDatasetId }}>
            {shown.number}
          </Link>
        )}
      </p>
      <p className={classes.words}>{explain(freshness, now)}</p>
      <p className={classes.age}>
        {answerWords(shown)}
        <br />
        <span className="ip-dim">answer is {formatAge(age)} old</span>
      </p>
    </div>
  );
}

function answerWords(shot: Schemas['Shot']): string {
  const time = shot.answerSeconds === null ? '' : ` in ${formatDuration(shot.answerSeconds)}`;
  if (shot.inTime === null) return `answered${time}`;
  return `answered${time}, ${shot.inTime ? 'in time' : 'late'}`;
}

function explain(freshness: Freshness, now: number): string {
  const { kind, newest, newestNumber, shotsBehind } = freshness;
  if (kind === 'fresh') return 'The newest shot';
  const deadline = newest?.deadlineAt ?? null;
  const left = deadline === null ? null : Math.round((Date.parse(deadline) - now) / 1000);
  const doing = newest?.flowRunId === null ? 'taken' : 'analysed';
  const inWork = `shot ${newestNumber} is being ${doing}`;
  const rest = left === null ? inWork : `${inWork}, ${Math.max(0, left)} s left`;
  if (kind === 'pending') return rest.replace('s', 'S');
  const behind = `${shotsBehind} ${shotsBehind === 1 ? 'shot' : 'shots'} behind`;
  if (newest?.flowStatus === 'FAILED') return `${behind}: analysis of shot ${newestNumber} failed`;
  if (left === null || left < 0) return `${behind}: no answer yet for shot ${newestNumber}`;
  return `${behind}: ${rest}`;
}
