import { z } from 'zod';
import { nameSchema } from '../../location.ts';
import { principalNameSchema } from '../../web-input/respondents.ts';
import { knownForeignActions } from './known-foreign-actions.ts';

/** Our actions that have adapters for the inputs that Globus' actions take; and passing over. */
const foreignActionSchema = z.enum([
  'interpulse:transfer',
  'interpulse:compute',
  'interpulse:list',
  'interpulse:stat',
  'interpulse:mkdir',
  'interpulse:delete',
  'interpulse:collection',
  'interpulse:access',
  'interpulse:ingest',
  'interpulse:notify',
  'interpulse:evaluate',
  'interpulse:hello',
  'interpulse:skip',
]);

/** See {@link foreignActionSchema}. */
export type ForeignAction = z.infer<typeof foreignActionSchema>;

const addressPattern = /^(?:https:\/\/|registered-api:|urn:globus:flows:handle:)\S+$/;

/** What the ids and addresses in definitions written for Globus stand for here. */
export const foreignMappingSchema = z.strictObject({
  /** Addresses of actions beside the well-known ones of Globus, and its registered APIs. */
  actions: z.record(z.string().regex(addressPattern), foreignActionSchema).default({}),
  /** Our collections by the ids of Globus collections. */
  collections: z.record(z.string().min(1), nameSchema).default({}),
  /** Our sites by the ids of Globus Compute endpoints. */
  sites: z.record(z.string().min(1), nameSchema).default({}),
  /** Our apps by the ids of Globus Compute functions. */
  apps: z.record(z.string().min(1), nameSchema).default({}),
  /** Our users and projects by the ids or URNs of Globus identities and groups. */
  principals: z.record(z.string().min(1), principalNameSchema).default({}),
});

/** See {@link foreignMappingSchema}. */
export type ForeignMapping = z.infer<typeof foreignMappingSchema>;

/** Our action for the address of a foreign one; null when we have none. */
export function foreignAction(address: string, mapping: ForeignMapping): ForeignAction | null {
  const plain = address.replace(/\/+$/, '');
  const told = Object.entries(mapping.actions).find(([key]) => key.replace(/\/+$/, '') === plain);
  if (told !== undefined) return told[1];
  const known = knownForeignActions.get(plain);
  return known !== undefined && 'action' in known ? known.action : null;
}

/** Kinds of things that definitions name by ids of their own. */
export type ForeignKind = 'collections' | 'sites' | 'apps';

/** Our name for a foreign id; a name that is no UUID is taken as ours. Null for an unknown id. */
export function mappedName(kind: ForeignKind, id: string, mapping: ForeignMapping): string | null {
  const table = mapping[kind];
  if (Object.hasOwn(table, id)) return table[id] ?? null;
  return nameSchema.safeParse(id).success && !z.guid().safeParse(id).success ? id : null;
}
