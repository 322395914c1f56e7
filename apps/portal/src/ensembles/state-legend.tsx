import { Link } from '@tanstack/react-router';
import { useComputedColorScheme } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { jobStates } from '@interpulse/domain/job/job-state.ts';
import { formatCount } from '../format/quantity.ts';
import { lookOf } from '../format/status.ts';
import { stateColours } from './state-colours.ts';
import classes from './state-legend.module.css';

/** The states that an ensemble's jobs are in, with their colours; each leads to its jobs. */
export function StateLegend(props: { ensemble: Schemas['Ensemble'] }) {
  const { id, counts } = props.ensemble;
  const colours = stateColours[useComputedColorScheme('light')];
  return (
    <ul className={classes.legend} aria-label="Jobs by state">
      {jobStates
        .filter((state) => (counts[state] ?? 0) > 0)
        .map((state) => (
          <li key={state}>
            <Link to="/jobs" search={{ ensemble: id, state }}>
              <i style={{ background: colours[state] }} />
              <b>{formatCount(counts[state] ?? 0)}</b> {lookOf(state).word}
            </Link>
          </li>
        ))}
    </ul>
  );
}
