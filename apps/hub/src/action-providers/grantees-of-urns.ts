import { mappedPrincipal } from '@interpulse/domain/web-input/respondents.ts';
import { listProjects, listUsers } from '@interpulse/store/access/access.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { identityUrn, projectUrn } from './urn.ts';

type Mapping = Readonly<Record<string, string>>;

/**
 * Who of this hub some principals of the contract are, as grantees: by the URNs that the hub gives
 * its own, and by its mapping of foreign ones. Somebody unknown is left out: nobody can sign in
 * here as them.
 */
export async function granteesOfUrns(
  db: Executor,
  urns: readonly string[],
  mapping: Mapping,
): Promise<string[]> {
  if (urns.length === 0) return [];
  const own = await ownPrincipals(db);
  const here = new Set(own.values());
  const known = urns.flatMap((urn) => {
    const mapped = mappedPrincipal(urn, mapping);
    const name = mapped !== null && here.has(mapped) ? mapped : own.get(urn.toLowerCase());
    return name === undefined ? [] : [name.replace(/^user:/, '')];
  });
  return [...new Set(known)];
}

/** A mapping of principals, with those of this hub that are named by their URNs. */
export async function withOwnPrincipals(
  db: Executor,
  urns: readonly string[],
  mapping: Mapping,
): Promise<Mapping> {
  const unknown = urns.filter((urn) => mappedPrincipal(urn, mapping) === null);
  if (unknown.length === 0) return mapping;
  const own = await ownPrincipals(db);
  const found = unknown.flatMap((urn): [string, string][] => {
    const name = own.get(urn.toLowerCase());
    return name === undefined ? [] : [[urn, name]];
  });
  return { ...mapping, ...Object.fromEntries(found) };
}

/** `user:NAME` and `project:NAME` by URN. */
async function ownPrincipals(db: Executor): Promise<Map<string, string>> {
  const [users, projects] = await Promise.all([listUsers(db), listProjects(db, null)]);
  return new Map([
    ...users.map(({ id, name }) => [identityUrn(id), `user:${name}`] as const),
    ...projects.map(({ name }) => [projectUrn(name), `project:${name}`] as const),
  ]);
}
