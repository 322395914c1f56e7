import { formatDuration } from '../format/duration.ts';
import type { PipelineRow } from '../live/pipeline-bars.ts';
import { StatusMark } from '../parts/status-mark.tsx';
import { readableName } from './upcoming-states.ts';
import classes from './time-line.module.css';

/** The steps of a time line that have not begun, where and as long as they are expected. */
export function ExpectedRows(props: {
  rows: PipelineRow[];
  place: (seconds: number) => string;
  onChoose: (stateName: string) => void;
}) {
  return props.rows.map(({ key, state, from, expectedTo }) => {
    const seconds = (expectedTo ?? from) - from;
    return (
      <li key={key} className={`${classes.row} ip-dim`}>
        <span className={classes.name}>
          <button type="button" onClick={() => props.onChoose(state)}>
            <StatusMark status="waiting" word={readableName(state)} />
          </button>
        </span>
        <span className={classes.track} title={`expected: ${formatDuration(seconds)}`}>
          <i
            className={classes.expected}
            style={{ left: props.place(from), width: props.place(seconds) }}
          />
        </span>
        <span className={classes.time}>~ {formatDuration(seconds)}</span>
      </li>
    );
  });
}
