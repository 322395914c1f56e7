import { mappedPrincipal } from '@interpulse/domain/web-input/respondents.ts';
import { listProjects, listUsers } from '@interpulse/store/access/access.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { identityUrn, projectUrn } from './urn.ts';

/**
 * Who of this hub some principals of the contract are, as grantees: by the URNs that the hub gives
 * its own, and by its mapping of foreign ones. Somebody unknown is left out: nobody can sign in
 * here as them.
 */
export async function granteesOfUrns(
  db: Executor,
  urns: readonly string[],
  mapping: Readonly<Record<string, string>>,
): Promise<string[]> {
  if (urns.length === 0) return [];
  const [users, projects] = await Promise.all([listUsers(db), listProjects(db, null)]);
  const own = new Map([
    ...users.map(({ id, name }) => [identityUrn(id), name] as const),
    ...projects.map(({ name }) => [projectUrn(name), `project:${name}`] as const),
  ]);
  const mapped = urns.map((urn) => mappedPrincipal(urn, mapping)?.replace(/^user:/, ''));
  const here = new Set(own.values());
  const known = urns.flatMap((urn, index) => {
    const name = mapped[index];
    return name !== undefined && here.has(name) ? [name] : (own.get(urn.toLowerCase()) ?? []);
  });
  return [...new Set(known)];
}
