import { DomainError, type Fault } from '@interpulse/domain/error.ts';
import { readPlace } from '@interpulse/domain/notice/notice-place.ts';
import type { NoticeRule } from '@interpulse/domain/notice/notice-rule.ts';
import { findUsers } from '@interpulse/store/access/access.ts';
import type { Hub } from '../hub.ts';
import type { MessageSettings } from '../messages/message-settings.ts';
import { chatRoom } from '../messages/send-chat.ts';
import { mailServerFor } from '../messages/send-mail.ts';
import { webhookSecretFile } from '../messages/send-webhook.ts';

/**
 * Holds rules against what this hub can send to, and against the people that there are.
 * @throws DomainError invalid, with the path of each place that nothing can be sent to.
 */
export async function checkPlaces(
  hub: Hub,
  rules: readonly Pick<NoticeRule, 'to'>[],
  locOf: (rule: number, place: number) => Fault['loc'],
): Promise<void> {
  const places = rules.flatMap(({ to }, rule) =>
    to.map((text, index) => ({ text, place: readPlace(text), loc: locOf(rule, index) })),
  );
  const names = places.flatMap(({ place }) => (place?.by === 'user' ? [place.name] : []));
  const known = new Set(
    names.length === 0 ? [] : (await findUsers(hub.db, names)).map(({ name }) => name),
  );
  const faults = places.flatMap(({ text, place, loc }): Fault[] => {
    const msg = place === null ? `${text} is no place` : refusal(place, hub.messages, known);
    return msg === null ? [] : [{ loc, msg, type: 'place' }];
  });
  const [first] = faults;
  if (first === undefined) return;
  throw new DomainError('invalid', `${first.loc.join('.')}: ${first.msg}`, { faults });
}

function refusal(
  place: NonNullable<ReturnType<typeof readPlace>>,
  settings: MessageSettings,
  users: ReadonlySet<string>,
): string | null {
  if (place.by === 'user') {
    return users.has(place.name) ? null : `there is no user "${place.name}"`;
  }
  try {
    if (place.by === 'mail') mailServerFor([place.address], settings);
    if (place.by === 'chat') chatRoom(place.chat, settings);
    if (place.by === 'webhook') {
      webhookSecretFile({ url: new URL(place.url), secret: place.secret }, settings);
    }
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}
