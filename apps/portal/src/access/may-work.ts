import type { Schemas } from '@interpulse/api/client/create-client.ts';

type Principal = Pick<Schemas['Principal'], 'name' | 'admin' | 'projects'>;

/** Whether a name of who has a part, `NAME`, `project:NAME` or `everyone`, means someone. */
export function isNamed({ name, projects }: Principal, names: readonly string[]): boolean {
  const own = [name, 'everyone', ...Object.keys(projects).map((each) => `project:${each}`)];
  return names.some((each) => own.includes(each));
}

/**
 * Whether someone may change things of a project, or of any; the hub decides again. Who is in none
 * of its parts and sees a thing all the same was given a part in it: what part is the hub's to say.
 * @param named who may besides
 */
export function mayWork(
  me: Principal | undefined,
  project?: string,
  named: readonly string[] = [],
): boolean {
  if (me === undefined) return false;
  if (me.admin || isNamed(me, named)) return true;
  if (project === undefined) return Object.values(me.projects).some((role) => role !== 'reader');
  return me.projects[project] !== 'reader';
}
