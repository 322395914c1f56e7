import type { Action } from './action.ts';
import { endedAtOnce } from './ended-at-once.ts';

/**
 * `interpulse:skip`: passes a step over and says so. For actions of others that nothing here does,
 * when whoever runs the hub has decided that flows may go on without. What was asked is not
 * repeated: private parameters may be in it.
 */
export const skip: Action = {
  deferred: false,

  async start(call) {
    const details = { skipped: true, provider: call.provider };
    return endedAtOnce(call, details, { displayStatus: 'passed over, nothing was done' });
  },
};
