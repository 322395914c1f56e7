import { formatCount } from '../format/quantity.ts';
import { countIn, stateGroups } from './job-filter.ts';
import classes from './state-filter.module.css';

/** Quick choices of a state, each with how many jobs it would show. */
export function StateFilter(props: {
  value: string;
  counts: Partial<Record<string, number>> | undefined;
  onChange: (state: string) => void;
}) {
  const { value, counts } = props;
  return (
    <div className={classes.states} role="group" aria-label="State">
      {stateGroups.map((group) => (
        <button
          key={group.value}
          type="button"
          aria-pressed={group.value === value}
          onClick={() => props.onChange(group.value)}
        >
          <b>{counts === undefined ? '–' : formatCount(countIn(counts, group.value))}</b>{' '}
          {group.label}
        </button>
      ))}
    </div>
  );
}
