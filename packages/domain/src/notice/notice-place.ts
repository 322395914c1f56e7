import { z } from 'zod';
import { nameSchema } from '../location.ts';
import { noticeLimits } from './notice-limits.ts';

/** Where messages go: an address of mail, a room, a program that listens. */
export type DirectPlace =
  | { by: 'mail'; address: string }
  | { by: 'chat'; chat: string }
  | { by: 'webhook'; url: string; secret: string | null };

/** Whom a rule names; people hear of it where their settings say. */
export type NamedPlace =
  { by: 'owner' } | { by: 'managers' } | { by: 'respondents' } | { by: 'user'; name: string };

const shape = /^(?:(mail|chat|user|webhook)(?:\+([^:]*))?:(.+)|(owner|managers|respondents))$/s;
const webhookSchema = z.url({ protocol: /^https?$/ });

/** Reads a place as people write it, such as `chat:control-room`; null when it is none. */
export function readPlace(text: string): DirectPlace | NamedPlace | null {
  const [, by, secret, rest = '', word] = shape.exec(text) ?? [];
  if (word === 'owner' || word === 'managers' || word === 'respondents') return { by: word };
  if (secret !== undefined && (by !== 'webhook' || !nameSchema.safeParse(secret).success)) {
    return null;
  }
  switch (by) {
    case 'mail':
      return z.email().max(254).safeParse(rest).success ? { by, address: rest } : null;
    case 'chat':
      return nameSchema.safeParse(rest).success ? { by, chat: rest } : null;
    case 'user':
      return nameSchema.safeParse(rest).success ? { by, name: rest } : null;
    case 'webhook':
      if (!webhookSchema.safeParse(rest).success) return null;
      return { by, url: rest, secret: secret ?? null };
    default:
      return null;
  }
}

/** Whether a message can be sent to a place as it stands. */
export function isDirect(place: DirectPlace | NamedPlace | null): place is DirectPlace {
  return place !== null && ['mail', 'chat', 'webhook'].includes(place.by);
}

const directForms = '"mail:ADDRESS", "chat:ROOM", "webhook:URL" or "webhook+SECRET:URL"';
const textSchema = z.string().max(noticeLimits.placeLength);

/** Where one person hears of things. */
export const directPlaceSchema = textSchema.refine((text) => isDirect(readPlace(text)), {
  error: `write ${directForms}`,
});

/** Where a rule of a flow or a trigger tells of things. */
export const placeSchema = textSchema.refine((text) => readPlace(text) !== null, {
  error: `write "owner", "managers", "respondents", "user:NAME", ${directForms}`,
});
