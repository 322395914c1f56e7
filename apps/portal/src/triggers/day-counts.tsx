import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatCount } from '../format/quantity.ts';
import { outcomeLook, outcomes } from './trigger-standing.ts';
import classes from './triggers.module.css';

/** What became of a day's events: a strip of their shares, and the counts in words. */
export function DayCounts(props: {
  counts: Schemas['TriggerReport']['counts'];
  isLarge?: boolean;
}) {
  const { counts } = props;
  const told = outcomes.filter((outcome) => counts[outcome] > 0);
  const total = told.reduce((sum, outcome) => sum + counts[outcome], 0);
  if (total === 0) return <span className="ip-dim">no event</span>;
  const words = told.map(
    (outcome) => `${formatCount(counts[outcome])} ${outcomeLook(outcome).word}`,
  );
  if (counts.repeats > 0) words.push(`${formatCount(counts.repeats)} told again`);
  return (
    <span className={classes.day} data-large={props.isLarge}>
      <span className={classes.shares} aria-hidden="true">
        {told.map((outcome) => (
          <span
            key={outcome}
            data-tone={outcomeLook(outcome).tone}
            style={{ flexGrow: counts[outcome] }}
          />
        ))}
      </span>
      <span className={classes.counts}>{words.join(', ')}</span>
    </span>
  );
}
