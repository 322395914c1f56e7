import { z } from 'zod';
import type { Principal } from '../access/principal.ts';
import { authorize } from '../access/authorize.ts';
import { nameSchema } from '../location.ts';
import { webInputLimits } from './web-input-limits.ts';

/** `user:NAME` or `project:NAME`: whom the id of a Globus user or group stands for here. */
export const principalNameSchema = z
  .string()
  .regex(/^(?:user|project):[a-z0-9][a-z0-9._-]{0,62}$/, 'write user:NAME or project:NAME');

/** Who may answer a question: people by name, and who runs things in some projects. */
export const respondentsSchema = z.strictObject({
  users: z.array(nameSchema),
  projects: z.array(nameSchema),
});

/** See {@link respondentsSchema}. */
export type Respondents = z.infer<typeof respondentsSchema>;

/** The UUID at the end of a Globus principal, in any of the ways in which they are written. */
const foreignPattern =
  /^urn:globus:(?:auth:identity|groups?:id):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** Ours for a Globus principal: the mapping may name the whole of it or its UUID; else null. */
export function mappedPrincipal(
  urn: string,
  mapping: Readonly<Record<string, string>>,
): string | null {
  if (principalNameSchema.safeParse(urn).success) return urn;
  const id = foreignPattern.exec(urn)?.[1] ?? urn;
  for (const key of [urn, id, id.toLowerCase()]) {
    if (Object.hasOwn(mapping, key)) return mapping[key] ?? null;
  }
  return null;
}

/** Who may answer, from what the definition says; without a word, the members of the project. */
export function readRespondents(
  urns: readonly string[],
  project: string,
  mapping: Readonly<Record<string, string>>,
): Respondents | { problem: string } {
  if (urns.length === 0) return { users: [], projects: [project] };
  if (urns.length > webInputLimits.respondents) {
    return { problem: `RespondentUrns names more than ${webInputLimits.respondents} principals` };
  }
  const named = urns.map((urn) => ({ urn, name: mappedPrincipal(urn, mapping) }));
  const unknown = named.filter(({ name }) => name === null).map(({ urn }) => urn);
  if (unknown.length > 0) {
    const way = 'write user:NAME or project:NAME, or add it to mapping.principals of the hub';
    return { problem: `RespondentUrns: ${unknown.join(', ')} is nobody here; ${way}` };
  }
  const of = (kind: string): string[] => [
    ...new Set(
      named.flatMap(({ name }) => (name?.startsWith(kind) ? [name.slice(kind.length)] : [])),
    ),
  ];
  return { users: of('user:'), projects: of('project:') };
}

/** Whether someone may answer. A job never may: a person is asked. */
export function mayAnswer(who: Principal, { users, projects }: Respondents): boolean {
  if (who.jobId !== null) return false;
  if (users.includes(who.name)) return true;
  return projects.some(
    (project) => authorize(who, 'run', { project, ownerId: null }) === 'allowed',
  );
}
