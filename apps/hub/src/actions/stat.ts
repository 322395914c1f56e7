import { statInputSchema } from '@interpulse/domain/flow/file-action-inputs.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import type { Action } from './action.ts';
import { askAboutLocation } from './ask-about-location.ts';
import { endedAction } from './ended-action.ts';
import { globusEntry } from './globus-entry.ts';

/** `interpulse:stat`: what is at a location; that nothing is there is an answer, and no fault. */
export const stat: Action = {
  deferred: true,
  cancel: null,
  release: null,

  async start({ input }) {
    const request = statInputSchema.parse(input);
    return { kind: 'deferred', request, location: request.location };
  },

  async perform(call) {
    const { location, answerAs } = statInputSchema.parse(call.request);
    const question = { ask: 'lookAt' as const, location };
    const { entry } = await askAboutLocation(call, location, question, 'entry');
    const displayStatus = entry === null ? 'nothing is there' : `a ${entry.type}`;
    if (answerAs === 'globus') {
      const missing = { code: 'NotFound', message: `${parseLocation(location).path} is not there` };
      return endedAction(call, entry === null ? missing : globusEntry(entry), { displayStatus });
    }
    const details = {
      location,
      exists: entry !== null,
      type: entry?.type ?? null,
      sizeBytes: entry?.sizeBytes ?? null,
      modifiedAt: entry?.modifiedAt ?? null,
    };
    return endedAction(call, details, { displayStatus });
  },
};
