import { helloInputSchema } from '@interpulse/domain/flow/action-inputs.ts';
import { addSeconds, secondsBetween } from '@interpulse/domain/time.ts';
import type { Action } from './action.ts';
import { endedAction } from './ended-action.ts';

/** `interpulse:hello`: says hello, at once or after a while; to try flows out. */
export const hello: Action = {
  deferred: true,
  cancel: null,
  release: null,

  async start({ input }) {
    return { kind: 'deferred', request: helloInputSchema.parse(input) };
  },

  async perform(call) {
    const { text, sleepSeconds } = helloInputSchema.parse(call.request);
    const left = secondsBetween(call.now, addSeconds(call.startedAt, sleepSeconds));
    if (left > 0) return { kind: 'again', afterSeconds: left, memory: null, note: 'sleeps' };
    return endedAction(call, { Hello: 'World', hello: text }, { displayStatus: 'said hello' });
  },
};
