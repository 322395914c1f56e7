import { formatCount } from '../format/quantity.ts';
import type { Tone } from '../format/status.ts';
import classes from './share-bar.module.css';

/** One kind of things in a {@link ShareBar}. */
export interface Share {
  word: string;
  tone: Tone;
  count: number;
}

/** How many things stand how: a strip of their shares, and the counts in words. */
export function ShareBar(props: {
  shares: Share[];
  /** Said behind the counts, without a share of the strip. */
  more?: string;
  isLarge?: boolean;
}) {
  const shares = props.shares.filter(({ count }) => count > 0);
  const words = shares.map(({ word, count }) => `${formatCount(count)} ${word}`);
  if (props.more !== undefined) words.push(props.more);
  return (
    <span className={classes.bar} data-large={props.isLarge || undefined}>
      <span className={classes.shares} aria-hidden="true">
        {shares.map(({ word, tone, count }) => (
          <span key={word} data-tone={tone} style={{ flexGrow: count }} />
        ))}
      </span>
      <span className={classes.counts}>{words.join(', ') || 'nothing'}</span>
    </span>
  );
}
