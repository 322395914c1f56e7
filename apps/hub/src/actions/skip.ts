import type { Action } from './action.ts';
import { statusDocument } from './status-document.ts';

/**
 * `interpulse:skip`: passes a step over and says so. For actions of others that nothing here does,
 * when whoever runs the hub has decided that flows may go on without. What was asked is not
 * repeated: private parameters may be in it.
 */
export const skip: Action = {
  deferred: false,

  async start({ run, step, state, provider, at }) {
    const document = statusDocument({
      actionId: `${run.id}_${step}`,
      succeeded: true,
      label: state,
      creatorId: run.ownerId,
      startedAt: at,
      endedAt: at,
      displayStatus: 'passed over, nothing was done',
      details: { skipped: true, provider },
    });
    return { kind: 'ended', document };
  },
};
