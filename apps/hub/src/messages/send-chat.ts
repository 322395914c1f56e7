import { DomainError } from '@interpulse/domain/error.ts';
import type { NotifyInput } from '@interpulse/domain/flow/notify-input.ts';
import type { MessageSettings } from './message-settings.ts';
import { postJson } from './post-json.ts';
import { readSecretFile } from './read-secret-file.ts';

type Chat = Extract<NotifyInput, { by: 'chat' }>;

/**
 * Says a text in a room of the configuration. The address of a room is a secret: it stands in a
 * file of the hub, and errors do not name it.
 *
 * @throws DomainError as `postJson`; `invalid` for a room that is not configured.
 */
export async function sendChat(
  { chat, text }: Chat,
  message: { id: string; signal: AbortSignal },
  settings: MessageSettings,
): Promise<number> {
  const room = chatRoom(chat, settings);
  const address = await readSecretFile(room.urlFile, `the address of the chat ${chat}`);
  if (!URL.canParse(address)) {
    throw new DomainError('unavailable', `the address of the chat ${chat} is none`);
  }
  const url = new URL(address);
  const body = JSON.stringify(room.kind === 'teams' ? teamsCard(text) : { text });
  const headers = { 'idempotency-key': message.id };
  return postJson({ url, body, headers, signal: message.signal });
}

/** A room of the configuration. @throws DomainError `invalid` when there is none of that name. */
export function chatRoom(
  chat: string,
  { chats }: MessageSettings,
): MessageSettings['chats'][string] {
  const room = Object.hasOwn(chats, chat) ? chats[chat] : undefined;
  if (room !== undefined) return room;
  const known = Object.keys(chats).join(', ') || 'there is none';
  throw new DomainError('invalid', `the hub's configuration has no chat "${chat}"; ${known}`);
}

/** What incoming webhooks of Teams' workflows take. */
function teamsCard(text: string): object {
  const content = {
    type: 'AdaptiveCard',
    version: '1.4',
    body: [{ type: 'TextBlock', text, wrap: true }],
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, content }] };
}
