import { notifyInputSchema } from '@interpulse/domain/flow/notify-input.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import { chatRoom } from '../messages/send-chat.ts';
import { sendMessage } from '../messages/send-message.ts';
import type { Action } from './action.ts';
import { endedAction } from './ended-action.ts';

/**
 * `interpulse:notify`: a mail, a webhook, or a line in a chat. It is tried until the step's
 * WaitTime ends while its taker may take it later. Its id is the same at each try.
 */
export const notify: Action = {
  deferred: true,
  cancel: null,
  release: null,

  async start({ hub, input }) {
    const wanted = notifyInputSchema.parse(input);
    if (wanted.by === 'chat') chatRoom(wanted.chat, hub.messages);
    return { kind: 'deferred', request: jsonObjectSchema.parse(wanted) };
  },

  async perform(call) {
    const input = notifyInputSchema.parse(call.request);
    const { hub, actionId, now, signal } = call;
    const status = await sendMessage(input, { id: actionId, now, signal }, hub.messages);
    const details = {
      by: input.by,
      messageId: actionId,
      sentAt: hub.now(),
      tries: call.attempt,
      status,
    };
    return endedAction(call, details, { displayStatus: 'sent' });
  },
};
