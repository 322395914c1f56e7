import type { Principal } from '@interpulse/domain/access/principal.ts';
import { refuseCollection } from '@interpulse/domain/access/refuse-collection.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import { findPrincipal } from '@interpulse/store/access/access.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { findCollectionSites } from '@interpulse/store/sites/read-sites.ts';

/** Whose work it is that uses collections. */
export interface CollectionWork {
  project: string | null;
  /** For whom: a person or account that asks, or its id; null for the project alone. */
  by: Principal | string | null;
}

/** One use of a collection that is there. */
export interface CollectionUse {
  work: CollectionWork;
  verb: 'read' | 'write';
  collection: { name: string; project: string | null };
}

/**
 * Why collections may not be used, in the order of the uses; null where they may. Roles are looked
 * up only where a collection is another project's than the work.
 */
export async function refuseCollections(
  db: Executor,
  uses: readonly CollectionUse[],
): Promise<(string | null)[]> {
  const asked = uses.flatMap(({ work, collection }) => {
    const isOpen = collection.project === null || collection.project === work.project;
    return isOpen || typeof work.by !== 'string' ? [] : [work.by];
  });
  const owners = new Map<string, Principal | null>();
  for (const id of new Set(asked)) owners.set(id, (await findPrincipal(db, id)) ?? null);
  return uses.map(({ work: { project, by }, verb, collection }) => {
    const who = typeof by === 'string' ? (owners.get(by) ?? null) : by;
    return refuseCollection({ project, who }, verb, collection);
  });
}

/**
 * Refuses work that names locations in collections of others; those that are not there are passed
 * over.
 * @throws DomainError forbidden.
 */
export async function demandCollections(
  db: Executor,
  work: CollectionWork,
  verb: 'read' | 'write',
  locations: readonly string[],
): Promise<void> {
  const names = locations.map((location) => parseLocation(location).collection);
  const sites = await findCollectionSites(db, names);
  const uses = [...sites].map(([name, { project }]) => {
    return { work, verb, collection: { name, project } };
  });
  const reason = (await refuseCollections(db, uses)).find((each) => each !== null);
  if (reason !== undefined && reason !== null) throw new DomainError('forbidden', reason);
}
