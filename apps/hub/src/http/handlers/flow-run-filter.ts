import type { RouteInput } from '@interpulse/api/routes/all-routes.ts';
import { granteesOf } from '@interpulse/domain/access/grantee.ts';
import type { FlowRunStatus } from '@interpulse/domain/flow-run/flow-run.ts';
import type { FlowRunFilter } from '@interpulse/store/flow-runs/list-flow-runs.ts';
import { visibleTo, type Call } from '../handler.ts';
import { tagsOf } from './tags-of.ts';

type Query = RouteInput<'countFlowRuns'>['query'];

/** The filter that a caller wrote, limited to what it may see. */
export function flowRunFilterOf({ who }: Pick<Call, 'who'>, query: Query): FlowRunFilter {
  const { status, tags, role, mine, ...same } = query;
  const isOwner = mine === true || role === 'owner';
  return {
    ...same,
    ...visibleTo(who),
    status: status?.split(',') as FlowRunStatus[] | undefined,
    tags: tagsOf(tags),
    ownerId: isOwner ? who.id : undefined,
    role:
      role === undefined || role === 'owner'
        ? undefined
        : { part: role, grantees: granteesOf(who) },
  };
}
