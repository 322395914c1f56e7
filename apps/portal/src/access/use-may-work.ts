import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { mayWork } from './may-work.ts';

/** Whether who is signed in may change things of a project, or of any: see {@link mayWork}. */
export function useMayWork(project?: string, named: readonly string[] = []): boolean {
  const { data: me } = useQuery(queries.me());
  return mayWork(me, project, named);
}
