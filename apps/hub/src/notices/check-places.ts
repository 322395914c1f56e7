import { DomainError, type Fault } from '@interpulse/domain/error.ts';
import { readPlace } from '@interpulse/domain/notice/notice-place.ts';
import type { NoticeRule } from '@interpulse/domain/notice/notice-rule.ts';
import { findUsers } from '@interpulse/store/access/access.ts';
import type { Hub } from '../hub.ts';
import type { MessageSettings } from '../messages/message-settings.ts';
import { mayWebhookGo } from '../messages/may-webhook-go.ts';

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
  { mail, chats, webhooks }: MessageSettings,
  users: ReadonlySet<string>,
): string | null {
  switch (place.by) {
    case 'mail': {
      if (mail === null) return 'this hub sends no mail: `mail` is not in its configuration';
      const domain = place.address.split('@').at(-1)?.toLowerCase() ?? '';
      if (mail.domains?.includes(domain) !== false) return null;
      return `no mail may go to ${domain}; it is not in mail.domains of the hub's configuration`;
    }
    case 'chat': {
      if (Object.hasOwn(chats, place.chat)) return null;
      const there = Object.keys(chats).join(', ') || 'there is none';
      return `the hub's configuration has no chat "${place.chat}"; ${there}`;
    }
    case 'webhook': {
      const { host } = new URL(place.url);
      if (!mayWebhookGo(new URL(place.url), webhooks.hosts)) {
        const where = "webhooks.hosts of the hub's configuration";
        return `no webhook may go to ${host}; it is not in ${where}`;
      }
      if (place.secret === null || Object.hasOwn(webhooks.secrets, place.secret)) return null;
      return `there is no secret "${place.secret}" in webhooks.secrets of the hub's configuration`;
    }
    case 'user':
      return users.has(place.name) ? null : `there is no user "${place.name}"`;
    default:
      return null;
  }
}
