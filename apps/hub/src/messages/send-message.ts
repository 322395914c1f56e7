import type { NotifyInput } from '@interpulse/domain/flow/notify-input.ts';
import type { MessageSettings } from './message-settings.ts';
import { sendChat } from './send-chat.ts';
import { sendMail } from './send-mail.ts';
import { sendWebhook } from './send-webhook.ts';

/**
 * Sends a message once, and gives the status that a webhook's taker answered. `id` is the same at
 * each try.
 * @throws DomainError `unavailable` when it may be taken later, else another kind.
 */
export async function sendMessage(
  input: NotifyInput,
  message: { id: string; now: string; signal: AbortSignal },
  settings: MessageSettings,
): Promise<number | null> {
  if (input.by === 'webhook') return sendWebhook(input, message, settings);
  if (input.by === 'chat') return sendChat(input, message, settings);
  await sendMail(input, message.id, settings);
  return null;
}
