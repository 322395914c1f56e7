import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { isNamed } from '../access/may-work.ts';

/** Whether someone may decide who has a part in a flow; the hub decides again. */
export function mayShare(
  me: Schemas['Principal'] | undefined,
  flow: Pick<Schemas['Flow'], 'owner' | 'project' | 'administrators'>,
): boolean {
  if (me === undefined) return false;
  if (me.admin || me.name === flow.owner || me.projects[flow.project] === 'manager') return true;
  return isNamed(me, flow.administrators);
}
