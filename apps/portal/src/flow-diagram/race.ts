import type { GraphState } from '@interpulse/domain/flow/flow-graph.ts';
import type { ItemCounts } from './state-progress.ts';

/** Whether of a state's branches the first that ends well decides. */
export function isRace({ type, about }: Pick<GraphState, 'type' | 'about'>): boolean {
  return type === 'Parallel' && about === 'first';
}

/** Branches or items that did not end well, and what they are called. */
export interface NotDone {
  count: number;
  word: string;
  tone: 'bad' | 'off';
}

type Ended = Pick<ItemCounts, 'done' | 'failed' | 'canceled'>;

/** Of a race that is decided the others merely lost: most of them were canceled, as planned. */
export function notDone(ofRace: boolean, { done, failed, canceled }: Ended): NotDone[] {
  const all: NotDone[] =
    ofRace && done > 0
      ? [{ count: failed + canceled, word: 'did not win', tone: 'off' }]
      : [
          { count: failed, word: 'failed', tone: 'bad' },
          { count: canceled, word: 'canceled', tone: 'off' },
        ];
  return all.filter(({ count }) => count > 0);
}
