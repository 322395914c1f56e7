import { DomainError } from '@interpulse/domain/error.ts';
import { notifyInputSchema, type NotifyInput } from '@interpulse/domain/flow/notify-input.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import { sendChat } from '../messages/send-chat.ts';
import { sendMail } from '../messages/send-mail.ts';
import { sendWebhook } from '../messages/send-webhook.ts';
import type { Action, PerformCall } from './action.ts';
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
    if (wanted.by === 'chat' && !Object.hasOwn(hub.messages.chats, wanted.chat)) {
      throw new DomainError('invalid', `the hub's configuration has no chat "${wanted.chat}"`);
    }
    return { kind: 'deferred', request: jsonObjectSchema.parse(wanted) };
  },

  async perform(call) {
    const input = notifyInputSchema.parse(call.request);
    const status = await send(input, call);
    const details = {
      by: input.by,
      messageId: call.actionId,
      sentAt: call.hub.now(),
      tries: call.attempt,
      status,
    };
    return endedAction(call, details, { displayStatus: 'sent' });
  },
};

async function send(input: NotifyInput, call: PerformCall): Promise<number | null> {
  const { hub, actionId, now, signal } = call;
  const message = { id: actionId, now, signal };
  if (input.by === 'webhook') return sendWebhook(input, message, hub.messages);
  if (input.by === 'chat') return sendChat(input, message, hub.messages);
  await sendMail(input, actionId, hub.messages);
  return null;
}
