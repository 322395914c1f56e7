import type { Schemas } from '@interpulse/api/client/create-client.ts';

/** Whether someone may decide who has a part in a flow; the hub decides again. */
export function mayShare(
  me: Schemas['Principal'] | undefined,
  flow: Pick<Schemas['Flow'], 'owner' | 'project' | 'administrators'>,
): boolean {
  if (me === undefined) return false;
  if (me.admin || me.name === flow.owner || me.projects[flow.project] === 'manager') return true;
  const names = [me.name, 'everyone', ...Object.keys(me.projects).map((name) => `project:${name}`)];
  return flow.administrators.some((name) => names.includes(name));
}
