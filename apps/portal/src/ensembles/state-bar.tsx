import { useComputedColorScheme } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { jobStates, type JobState } from '@interpulse/domain/job/job-state.ts';
import { formatCount } from '../format/quantity.ts';
import { lookOf } from '../format/status.ts';
import { stateColours } from './state-colours.ts';
import classes from './state-bar.module.css';

/** Ended first, so that what is done grows from the left. */
const drawnOrder: JobState[] = [
  'completed',
  'failed',
  'canceled',
  'stagingOut',
  'active',
  'ready',
  'stagingIn',
  'placed',
  'queued',
  'waiting',
];

/** How many of an ensemble's jobs are in which state, as one bar. */
export function StateBar(props: { ensemble: Schemas['Ensemble']; heightPixels?: number }) {
  const { counts, total } = props.ensemble;
  const colours = stateColours[useComputedColorScheme('light')];
  const words = jobStates
    .filter((state) => (counts[state] ?? 0) > 0)
    .map((state) => `${formatCount(counts[state] ?? 0)} ${lookOf(state).word}`)
    .join(', ');
  return (
    <div
      className={classes.bar}
      role="img"
      aria-label={words}
      title={words}
      style={{ height: props.heightPixels ?? 10 }}
    >
      {drawnOrder.map((state) => {
        const count = counts[state] ?? 0;
        return count === 0 ? null : (
          <i
            key={state}
            style={{
              background: colours[state],
              width: `${((100 * count) / Math.max(1, total)).toFixed(3)}%`,
            }}
          />
        );
      })}
    </div>
  );
}
