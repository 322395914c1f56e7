import { limits } from '@interpulse/domain/limits.ts';
import type { WaitingJob, WaitingLine } from '@interpulse/domain/placement/plan-moves.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { urgencyOf } from './job-row.ts';
import { heldSql, jobStages } from './job-stage.ts';
import type { QueuedJob, SpecToPlace } from './place-jobs.ts';

/** $1 now. Only whether there is any: of many jobs it reads one. */
const selectSites = statement<{ siteId: string }, [string]>(
  'sites_with_waiting_jobs',
  `with seen as materialized (
     select s.id,
       exists (select from jobs where site_id = s.id and stage = ${jobStages.ready}) as waits,
       exists (select from jobs where site_id = s.id and stage = ${jobStages.placed}) as stages,
       not s.closed and not s.silent and s.scratch_collection is not null
         and coalesce(s.resting_until <= $1::timestamptz, true) as takes,
       coalesce((select sum(cores) from pilots where site_id = s.id and state = 'running'), 0)
         as cores,
       coalesce((select sum(cores) from site_loads where site_id = s.id and state = 'active'), 0)
         as busy
     from sites s)
   select s.id as "siteId" from seen s where (s.waits or s.stages) and exists (select from seen o
     where o.id <> s.id and o.takes and (not o.waits or o.busy < o.cores))
   order by s.id`,
);

/**
 * Sites where jobs wait for a pilot or for their inputs, while another site has a free core, or
 * nothing that waits.
 */
export async function sitesWithWaiting(db: Executor, now: string): Promise<string[]> {
  return (await db.run(selectSites, now)).map(({ siteId }) => siteId);
}

/** What is not said in its spec. */
type Row = Omit<StoredWaiting, keyof SpecToPlace | 'urgency'> & { urgency: number };

/** A waiting job with what its transfers need. */
export interface StoredWaiting
  extends QueuedJob, Pick<WaitingJob, 'isStaging' | 'placedAt' | 'moves'> {
  siteId: string;
}

/** Jobs of a line that are passed by, since they may run nowhere else, before the look ends. */
const windowFactor = 5;

const columns = `j.id, j.site_id, j.spec_id, j.urgency, j.priority, j.deadline_at, j.app, j.project,
  j.inputs, j.return_to, j.owner_id, j.flow_run_id, j.placed_at, j.moves, j.stage`;

/** The index of what is ready, from its end. $1 sites, $2 of each urgency, $3 looked at. */
const selectLines = statement<Row, [string[], number, number]>(
  'waiting_lines',
  `select j.id, j.site_id as "siteId", j.spec_id as "specId", j.urgency, j.app, j.project, j.inputs,
     j.return_to as "returnTo", j.deadline_at as "deadlineAt", j.owner_id as "ownerId",
     j.flow_run_id as "flowRunId", j.placed_at as "placedAt", j.moves,
     j.stage = ${jobStages.placed} as "isStaging"
   from sites s cross join (values (0::smallint), (1::smallint), (2::smallint)) as u(urgency)
   cross join lateral (
     select w.* from (
       (select ${columns} from jobs j
         where j.site_id = s.id and j.urgency = u.urgency and j.stage = ${jobStages.ready}
         order by j.priority, j.deadline_at desc nulls first, j.id desc limit $3)
       union all
       (select ${columns} from jobs j
         where j.site_id = s.id and j.urgency = u.urgency and j.stage = ${jobStages.placed}
         limit $3)) w
     join job_specs sp on sp.id = w.spec_id and sp.site_wish <> to_jsonb(s.name)
     order by w.priority, w.deadline_at desc nulls first, w.id desc limit $2) j
   where s.id = any($1)
   order by j.site_id, j.urgency, j.priority, j.deadline_at desc nulls first, j.id desc`,
);

const selectSpecs = statement<{ id: number; spec: SpecToPlace }, [number[]]>(
  'specs_to_place',
  `select id, jsonb_build_object('code', code_seen, 'appSites', app_sites, 'site', site_wish,
     'resources', resources, 'allocation', allocation, 'restartable', restartable,
     'strategy', placement) as spec
   from job_specs where id = any($1)`,
);

const selectLeases = statement<{ siteId: string; lastLeaseAt: string | null }>(
  'last_leases',
  `select p.site_id as "siteId", max(l.at) as "lastLeaseAt" from pilots p
   left join lateral (select max(j.leased_at) as at from jobs j
     where j.pilot_id = p.id and ${heldSql('j')}) l on true
   where p.state = 'running' group by p.site_id`,
);

/** What waits at sites, the last in line first, and when each site's pilots last got something. */
export interface WaitingSeen {
  jobs: StoredWaiting[];
  lastLeases: Pick<WaitingLine, 'siteId' | 'lastLeaseAt'>[];
}

/** Looks at the ends of the lines of these sites, whatever their length. */
export async function readWaiting(db: Executor, siteIds: readonly string[]): Promise<WaitingSeen> {
  const most = limits.jobsLookedAtPerMove;
  const [rows, lastLeases] = await Promise.all([
    db.run(selectLines, [...siteIds], most, most * windowFactor),
    db.run(selectLeases),
  ]);
  const specIds = [...new Set(rows.map(({ specId }) => specId))];
  const read = rows.length === 0 ? [] : await db.run(selectSpecs, specIds);
  const specs = new Map(read.map(({ id, spec }) => [id, spec]));
  const jobs = rows.flatMap(({ urgency, ...row }) => {
    const spec = specs.get(row.specId);
    return spec === undefined ? [] : [{ ...row, urgency: urgencyOf(urgency), ...spec }];
  });
  return { jobs, lastLeases };
}
