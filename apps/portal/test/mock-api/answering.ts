import type { OperationId, RouteInput, RouteOutput } from '@interpulse/api/routes/all-routes.ts';
import { fixedId } from './shot-story.ts';

type Answer<O extends OperationId> = RouteOutput<O> | Buffer;

/** Answers of the routes that the portal uses; bytes come as a Buffer, held answers later. */
export type Handlers = {
  [O in OperationId]?: (input: RouteInput<O>) => Answer<O> | Promise<Answer<O>>;
};

/** One page of a list by keyset: the cursor is the place of the last row. */
export function page<T>(rows: T[], query: { limit: number; cursor?: string | undefined }) {
  const from = query.cursor === undefined ? 0 : Number(query.cursor);
  const to = from + query.limit;
  return { items: rows.slice(from, to), next: to < rows.length ? String(to) : null };
}

/** The principal that every code and cookie of the mock stands for. */
export const ada = {
  id: fixedId('user', 0, 1),
  name: 'ada',
  kind: 'user' as const,
  admin: true,
  jobId: null,
  projects: { demo: 'manager' as const, 'soft-matter': 'member' as const },
};
