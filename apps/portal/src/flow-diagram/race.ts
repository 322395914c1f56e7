import type { GraphState } from '@interpulse/domain/flow/flow-graph.ts';

/** Whether of a state's branches the first that ends well decides. */
export function isRace({ type, about }: Pick<GraphState, 'type' | 'about'>): boolean {
  return type === 'Parallel' && about === 'first';
}

/** What branches or items are called that did not end well. */
export interface NotDone {
  word: string;
  tone: 'bad' | 'off';
}

/** Of a race that is decided the others merely lost: most of them were canceled, as planned. */
export function notDone(ofRace: boolean, { done }: { done: number }): NotDone {
  return ofRace && done > 0
    ? { word: 'did not win', tone: 'off' }
    : { word: 'failed', tone: 'bad' };
}
