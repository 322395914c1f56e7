import { granteesOf } from './grantee.ts';
import type { Principal } from './principal.ts';

/** What one may want to do with a thing. */
export type Verb = 'read' | 'write' | 'run' | 'administer';

/** What the decision sees of a thing. */
export interface Thing {
  /** Null for things of the whole hub: sites, apps, instruments, collections. */
  project: string | null;
  /** The id of who owns it; null when nobody does. */
  ownerId: string | null;
  /** Who else may do what, beside those whose relation allows it: see `granteeSchema`. */
  grants?: Partial<Record<Verb, readonly string[]>>;
}

/** How one stands to a thing, from near to far. */
export type Relation =
  'admin' | 'owner' | 'manager' | 'member' | 'reader' | 'signedIn' | 'stranger';

/** Relation → verbs, for things of a project. */
const projectVerbs: Record<Relation, readonly Verb[]> = {
  admin: ['read', 'write', 'run', 'administer'],
  owner: ['read', 'write', 'run', 'administer'],
  manager: ['read', 'write', 'run', 'administer'],
  member: ['read', 'write', 'run'],
  reader: ['read'],
  signedIn: [],
  stranger: [],
};

/** Relation → verbs, for things of the whole hub. */
const hubVerbs: Record<Relation, readonly Verb[]> = {
  ...projectVerbs,
  manager: ['read', 'run'],
  member: ['read', 'run'],
  signedIn: ['read'],
};

/** How `who` stands to `thing`. A job is at most a member of its project, nothing to the hub. */
export function relationTo(who: Principal, thing: Thing): Relation {
  if (who.jobId !== null) return relationOfJob(who, thing);
  if (who.admin) return 'admin';
  if (thing.project === null) {
    if (thing.ownerId === who.id) return 'owner';
    return Object.keys(who.projects).length > 0 ? 'member' : 'signedIn';
  }
  const { projects } = who;
  const role = Object.hasOwn(projects, thing.project) ? projects[thing.project] : undefined;
  // Who has left the project keeps no rights over what it made there.
  if (role === undefined) return 'stranger';
  return thing.ownerId === who.id && role !== 'reader' ? 'owner' : role;
}

function relationOfJob({ projects }: Principal, { project }: Thing): Relation {
  if (project === null || !Object.hasOwn(projects, project)) return 'stranger';
  return projects[project] === 'reader' ? 'reader' : 'member';
}

/**
 * The one decision about access. `hidden` means that the thing may not even be known: the answer is
 * notFound. `forbidden` means that it may be seen but not this.
 */
export function authorize(
  who: Principal,
  verb: Verb,
  thing: Thing,
): 'allowed' | 'forbidden' | 'hidden' {
  const verbs = (thing.project === null ? hubVerbs : projectVerbs)[relationTo(who, thing)];
  const may = (wanted: Verb): boolean => verbs.includes(wanted) || isGranted(who, wanted, thing);
  if (may(verb)) return 'allowed';
  return may('read') ? 'forbidden' : 'hidden';
}

function isGranted(who: Principal, verb: Verb, { grants }: Thing): boolean {
  const named = grants?.[verb] ?? [];
  return named.length > 0 && granteesOf(who).some((grantee) => named.includes(grantee));
}
