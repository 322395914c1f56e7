import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatCount } from '../format/quantity.ts';
import { ShareBar } from '../parts/share-bar.tsx';
import { outcomeLook, outcomes } from './trigger-standing.ts';

/** What became of a day's events: a strip of their shares, and the counts in words. */
export function DayCounts(props: {
  counts: Schemas['TriggerReport']['counts'];
  isLarge?: boolean;
}) {
  const { counts, isLarge = false } = props;
  const shares = outcomes.map((outcome) => ({ ...outcomeLook(outcome), count: counts[outcome] }));
  if (shares.every(({ count }) => count === 0)) return <span className="ip-dim">no event</span>;
  const again = counts.repeats > 0 ? { more: `${formatCount(counts.repeats)} told again` } : {};
  return <ShareBar shares={shares} isLarge={isLarge} {...again} />;
}
