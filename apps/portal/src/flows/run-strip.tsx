import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { lookOf } from '../format/status.ts';
import classes from './flows.module.css';

/** The last runs of a flow as small marks, oldest first; each leads to its page. */
export function RunStrip(props: { runs: Schemas['FlowRun'][] }) {
  return (
    <span className={classes.strip}>
      {props.runs.toReversed().map((run) => {
        const { word, tone } = lookOf(run.status);
        const words = `${run.label || run.id}, ${word}`;
        return (
          <Link
            key={run.id}
            to="/flow-runs/$flowRunId"
            params={{ flowRunId: run.id }}
            title={words}
            aria-label={words}
            data-tone={tone}
            tabIndex={-1}
          />
        );
      })}
    </span>
  );
}
