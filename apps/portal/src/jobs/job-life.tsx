import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { formatDuration } from '../format/duration.ts';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { jobLifeSteps, presentWords } from './job-life-steps.ts';
import classes from './job-life.module.css';

/** A job's life in one line: its state, and when it reached each point on the way. */
export function JobLife(props: { job: Schemas['Job'] }) {
  const { job } = props;
  const present = presentWords(job, useHubNow());
  return (
    <section className={`ip-panel ${classes.life}`} aria-label="State">
      <p className={classes.state}>
        <StatusMark status={job.state} />
        {present !== null && <span className="ip-dim">{present}</span>}
      </p>
      <ol className={classes.steps}>
        {jobLifeSteps(job).map((step) => (
          <li key={step.word} data-ahead={step.at === null}>
            <span className={classes.took}>
              {step.tookSeconds === null ? '' : `+ ${formatDuration(step.tookSeconds)}`}
            </span>
            <b>{step.word}</b>
            {step.at === null ? <span className="ip-dim">–</span> : <TimeText at={step.at} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
