import { useState } from 'react';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { formatDuration, formatSpan } from '../format/duration.ts';
import { formatInstant } from '../format/instant.ts';
import { formatCount } from '../format/quantity.ts';
import { TimeText } from '../parts/time-text.tsx';
import {
  countEnded,
  ensembleProgress,
  noteEnded,
  rateWords,
  type EndedSample,
  type EnsembleProgress,
} from './ensemble-progress.ts';
import { StateBar } from './state-bar.tsx';
import { StateLegend } from './state-legend.tsx';
import classes from './ensemble-summary.module.css';

/** How far an ensemble is, how fast it goes on and when it is expected to end. */
export function EnsembleSummary(props: { ensemble: Schemas['Ensemble'] }) {
  const { ensemble } = props;
  const ended = countEnded(ensemble.counts);
  const [samples, setSamples] = useState<EndedSample[]>([]);
  const now = useHubNow();
  if (samples.at(-1)?.ended !== ended) {
    setSamples(noteEnded(samples, { atMilliseconds: now, ended }));
  }
  const progress = ensembleProgress(ensemble, samples, now);
  const percent = ensemble.total === 0 ? 0 : Math.floor((100 * ended) / ensemble.total);
  return (
    <section className="ip-panel" aria-label="Progress">
      <p className={classes.line}>
        <span>
          <b>{formatCount(ended)}</b> of {formatCount(ensemble.total)} ended
          <span className="ip-dim"> · {percent} %</span>
        </span>
        <Pace ensemble={ensemble} progress={progress} nowMilliseconds={now} />
      </p>
      <StateBar ensemble={ensemble} heightPixels={18} />
      <StateLegend ensemble={ensemble} />
    </section>
  );
}

function Pace(props: {
  ensemble: Schemas['Ensemble'];
  progress: EnsembleProgress;
  nowMilliseconds: number;
}) {
  const { ensemble, progress, nowMilliseconds } = props;
  const { endedAt, createdAt } = ensemble;
  if (endedAt !== null) {
    const took = (Date.parse(endedAt) - Date.parse(createdAt)) / 1000;
    return (
      <span>
        ended <TimeText at={endedAt} /> after {formatDuration(took)}
      </span>
    );
  }
  const { jobsPerSecond, expectedEndMilliseconds: end, basis } = progress;
  if (jobsPerSecond === null) return <span className="ip-dim">none has ended yet</span>;
  const left = end === null ? null : Math.max(0, (end - nowMilliseconds) / 1000);
  return (
    <span>
      {rateWords(jobsPerSecond)}
      <span className="ip-dim">{basis === 'seen' ? ' of late' : ' since its submission'}</span>
      {end !== null && left !== null && (
        <>
          , expected to end{' '}
          <b>{formatInstant(new Date(end).toISOString(), nowMilliseconds).replace(/:\d\d$/, '')}</b>
          <span className="ip-dim">, in {roughly(left)}</span>
        </>
      )}
    </span>
  );
}

/** An estimate has no seconds worth saying. */
function roughly(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return formatSpan(Math.round(seconds / 60) * 60);
}
