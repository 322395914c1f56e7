import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatCount } from '../format/quantity.ts';
import { lookOf } from '../format/status.ts';
import classes from './flow-batches.module.css';

const order = ['SUCCEEDED', 'ACTIVE', 'INACTIVE', 'FAILED', 'ENDED'] as const;

/** How the flow runs of a batch stand: a strip of their shares, and the counts in words. */
export function BatchBar(props: { batch: Schemas['FlowBatch']; isLarge?: boolean }) {
  const { byStatus, waiting, faulty } = props.batch;
  const parts = [
    ...order.map((status) => ({ ...lookOf(status), count: byStatus[status] ?? 0 })),
    { word: 'could not be started', tone: 'bad' as const, count: faulty },
    { word: 'to be started', tone: 'off' as const, count: waiting },
  ].filter(({ count }) => count > 0);
  return (
    <span className={classes.bar} data-large={props.isLarge}>
      <span className={classes.shares} aria-hidden="true">
        {parts.map(({ word, tone, count }) => (
          <span key={word} data-tone={tone} style={{ flexGrow: count }} />
        ))}
      </span>
      <span className={classes.counts}>
        {parts.map(({ word, count }) => `${formatCount(count)} ${word}`).join(', ') || 'nothing'}
      </span>
    </span>
  );
}
