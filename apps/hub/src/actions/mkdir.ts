import { mkdirInputSchema } from '@interpulse/domain/flow/file-action-inputs.ts';
import type { Action } from './action.ts';
import { askAboutLocation } from './ask-about-location.ts';
import { endedAction } from './ended-action.ts';

/** `interpulse:mkdir`: a folder with those above it; one that is there already is no fault. */
export const mkdir: Action = {
  deferred: true,
  cancel: null,
  release: null,

  async start({ input }) {
    const request = mkdirInputSchema.parse(input);
    return { kind: 'deferred', request, location: request.location };
  },

  async perform(call) {
    const { location } = mkdirInputSchema.parse(call.request);
    const question = { ask: 'makeFolder' as const, location };
    const { isNew } = await askAboutLocation(call, location, question, 'madeFolder');
    const displayStatus = isNew ? 'made' : 'was there already';
    return endedAction(call, { location, isNew }, { displayStatus });
  },
};
