import type { LimitUse } from '@interpulse/domain/placement/snapshot.ts';
import type { PlacementLimit } from '@interpulse/domain/site/site.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** SQL of every limit with its use. */
export const limitUsesSql = `select nullif(l.project, '') as project, nullif(l.site, '') as site,
     nullif(l.app, '') as app,
     l.max_jobs as "maxJobs", l.max_cores as "maxCores", u.jobs, u.cores
   from placement_limits l cross join lateral (
     select coalesce(sum(w.jobs), 0)::int as jobs, coalesce(sum(w.cores), 0)::int as cores
     from site_loads w join sites s on s.id = w.site_id
     where (l.site = '' or s.name = l.site) and (l.project = '' or w.project = l.project)
       and (l.app = '' or w.app = l.app)) u
   order by l.project, l.site, l.app`;

const selectUses = statement<LimitUse>('limit_uses', limitUsesSql);

/** Every limit of placing, with what is placed under it and has not ended. */
export async function readLimitUses(db: Executor): Promise<LimitUse[]> {
  return db.run(selectUses);
}

/** What a limit is for: nothing else about it can change. */
export type LimitKey = Pick<PlacementLimit, 'project' | 'site' | 'app'>;

const keyOf = ({ project, site, app }: LimitKey): string[] => [
  project ?? '',
  site ?? '',
  app ?? '',
];

/** Sets the limit of a key. */
export async function saveLimit(tx: Executor, limit: PlacementLimit): Promise<void> {
  await tx.query(
    `insert into placement_limits (project, site, app, max_jobs, max_cores)
     values ($1, $2, $3, $4, $5)
     on conflict (project, site, app) do update set max_jobs = excluded.max_jobs,
       max_cores = excluded.max_cores`,
    [...keyOf(limit), limit.maxJobs, limit.maxCores],
  );
}

/** Takes a limit away; false when there is none of that key. */
export async function deleteLimit(tx: Executor, key: LimitKey): Promise<boolean> {
  const rows = await tx.query(
    'delete from placement_limits where project = $1 and site = $2 and app = $3 returning project',
    keyOf(key),
  );
  return rows.length > 0;
}
