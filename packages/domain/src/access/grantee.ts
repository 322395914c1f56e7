import { z } from 'zod';
import { nameSchema } from '../location.ts';
import type { Principal } from './principal.ts';

/** Whoever is signed in, as a grantee. */
export const everyone = 'everyone';

/** Who may be given a part in a thing: a user's or account's name, `project:NAME`, `everyone`. */
export const granteeSchema = z.union([
  nameSchema,
  z.string().regex(/^project:[a-z0-9][a-z0-9._-]{0,62}$/, 'a name, "project:NAME" or "everyone"'),
]);

/** The grantees that stand for `who`. A job's token stands for none: it has its project only. */
export function granteesOf(who: Principal): string[] {
  if (who.jobId !== null || who.kind === 'agent') return [];
  return [who.name, ...Object.keys(who.projects).map((name) => `project:${name}`), everyone];
}
