import type { StateStanding } from './state-progress.ts';

/** How a state stands in a run, in a word, and the status whose mark it has. */
export const standingLooks: Record<StateStanding, { status: string; word: string }> = {
  future: { status: 'wanted', word: 'not yet' },
  skipped: { status: 'ended', word: 'not reached' },
  active: { status: 'active', word: 'active' },
  waiting: { status: 'INACTIVE', word: 'waiting' },
  good: { status: 'succeeded', word: 'done' },
  bad: { status: 'failed', word: 'failed' },
  off: { status: 'canceled', word: 'canceled' },
};
