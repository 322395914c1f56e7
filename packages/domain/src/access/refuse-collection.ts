import { authorize } from './authorize.ts';
import type { Principal } from './principal.ts';

/** Who wants to use a collection: work of a project, for somebody, or a person alone. */
export interface CollectionUser {
  /** The project in which it is done; null for what a person does in none. */
  project: string | null;
  /** Null: only what the project may. */
  who: Principal | null;
}

/**
 * Why a collection may not be used; null when it may. One of a project is read by those who have a
 * role in it and written by its members, and used by all work that is done in it. One of no project
 * is everybody's.
 */
export function refuseCollection(
  { project, who }: CollectionUser,
  verb: 'read' | 'write',
  collection: { name: string; project: string | null },
): string | null {
  const owner = collection.project;
  if (owner === null || owner === project) return null;
  const thing = { project: owner, ownerId: null };
  if (who !== null && authorize(who, verb, thing) === 'allowed') return null;
  const may = verb === 'read' ? 'those who have a role in it read' : 'its members write';
  const hint = `do it in that project, or ask a manager of ${owner} for a role`;
  return `collection "${collection.name}" belongs to project ${owner}: only ${may} there; ${hint}`;
}
