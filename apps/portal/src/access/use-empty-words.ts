import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';

/** What an empty list says: to somebody in no project that others have to let them in. */
export function useEmptyWords(words: string): string {
  const { data: me } = useQuery(queries.me());
  const isOutside = me !== undefined && !me.admin && Object.keys(me.projects).length === 0;
  if (!isOutside) return words;
  return 'Nothing here is yours to see yet: you are in no project. Its managers make you a member.';
}
