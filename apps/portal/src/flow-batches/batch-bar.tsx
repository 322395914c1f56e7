import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { lookOf } from '../format/status.ts';
import { ShareBar } from '../parts/share-bar.tsx';

const order = ['SUCCEEDED', 'ACTIVE', 'INACTIVE', 'FAILED', 'ENDED'] as const;

/** How the flow runs of a batch stand: a strip of their shares, and the counts in words. */
export function BatchBar(props: { batch: Schemas['FlowBatch']; isLarge?: boolean }) {
  const { byStatus, waiting, faulty } = props.batch;
  const shares = [
    ...order.map((status) => ({ ...lookOf(status), count: byStatus[status] ?? 0 })),
    { word: 'could not be started', tone: 'bad' as const, count: faulty },
    { word: 'to be started', tone: 'off' as const, count: waiting },
  ];
  return <ShareBar shares={shares} isLarge={props.isLarge ?? false} />;
}
