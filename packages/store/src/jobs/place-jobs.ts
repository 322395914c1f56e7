import type { PlacementStrategy } from '@interpulse/domain/job/job.ts';
import type { Location } from '@interpulse/domain/location.ts';
import type { JobToPlace, Placement } from '@interpulse/domain/placement/snapshot.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import { acceptsSql } from './job-fence.ts';
import { jobStages } from './job-stage.ts';
import { urgencyNumber, urgencyOf } from './job-row.ts';

/** What of a job's spec placing needs; one object for all jobs that share it. */
export type SpecToPlace = Pick<
  JobToPlace,
  'code' | 'appSites' | 'site' | 'resources' | 'allocation' | 'restartable'
> & { strategy: PlacementStrategy | null };

/** A queued job as placing needs it. */
export interface QueuedJob
  extends Omit<JobToPlace, 'inputBytes' | 'returnCollection' | 'strategy'>, SpecToPlace {
  id: `job_${string}`;
  specId: number;
  inputs: Record<string, Location>;
  returnTo: Location | null;
  ownerId: string;
  flowRunId: string | null;
}

type QueuedRow = Omit<QueuedJob, keyof SpecToPlace | 'urgency'> & {
  urgency: number;
  spec: SpecToPlace | null;
};

/** Jobs alike in all by which sites refuse them. */
export interface JobKind {
  specId: number;
  urgency: JobToPlace['urgency'];
  project: string;
  app: string | null;
}

const queuedColumns = (locked: string) => `with locked as (${locked})
  select j.id, j.app, j.urgency, j.project, j.inputs, j.return_to as "returnTo",
    j.deadline_at as "deadlineAt", j.owner_id as "ownerId", j.flow_run_id as "flowRunId",
    j.spec_id as "specId",
    case when row_number() over (partition by j.spec_id order by j.urgency, j.priority desc,
        j.deadline_at nulls last, j.id) = 1 then
      jsonb_build_object('code', sp.code_seen, 'appSites', sp.app_sites, 'site', sp.site_wish,
        'resources', sp.resources, 'allocation', sp.allocation, 'restartable', sp.restartable,
        'strategy', sp.placement) end as spec
  from locked j join job_specs sp on sp.id = j.spec_id
  order by j.urgency, j.priority desc, j.deadline_at nulls last, j.id`;

const lockColumns = `id, app, urgency, priority, project, inputs, return_to, deadline_at, owner_id,
  flow_run_id, spec_id`;

const due = `coalesce(not_before_at <= $2::timestamptz, true)`;

const selectQueued = statement<QueuedRow, [number, string, string]>(
  'queued_jobs',
  queuedColumns(
    `select ${lockColumns} from jobs where stage = ${jobStages.queued} and ${due}
       and not exists (select from jsonb_to_recordset($3::jsonb) as p("specId" bigint,
         urgency smallint, project text, app text)
         where p."specId" = spec_id and p.urgency = jobs.urgency and p.project = jobs.project
           and p.app is not distinct from jobs.app)
     order by urgency, priority desc, deadline_at nulls last, id limit $1 for update skip locked`,
  ),
);

const selectThese = statement<QueuedRow, [number, string, string[]]>(
  'these_queued_jobs',
  queuedColumns(
    `select ${lockColumns} from jobs where id = any($3) and state = 'queued' and ${due}
     order by id limit $1 for update skip locked`,
  ),
);

/** Which queued jobs are placed. */
export interface QueuedJobs {
  /** Only these; null for the most urgent of all. */
  jobIds: readonly string[] | null;
  /** Of all: those that are not of these kinds, which no site takes now. */
  passed: readonly JobKind[];
}

/** Queued jobs whose time has come, locked until the transaction ends. */
export async function lockQueuedJobs(
  tx: Executor,
  limit: number,
  now: string,
  { jobIds, passed }: QueuedJobs = { jobIds: null, passed: [] },
): Promise<QueuedJob[]> {
  const rows =
    jobIds === null
      ? await tx.run(selectQueued, limit, now, jsonb(passed.map(kindRow)))
      : await tx.run(selectThese, limit, now, [...jobIds]);
  const specs = new Map<number, SpecToPlace>();
  for (const { specId, spec } of rows) if (spec !== null) specs.set(specId, spec);
  return rows.flatMap(({ spec: _, urgency, ...row }) => {
    const spec = specs.get(row.specId);
    return spec === undefined ? [] : [{ ...row, urgency: urgencyOf(urgency), ...spec }];
  });
}

function kindRow({ specId, urgency, project, app }: JobKind) {
  return { specId, urgency: urgencyNumber(urgency), project, app };
}

const soon = statement<{ at: string | null }, [string]>(
  'next_queued',
  `select min(not_before_at) as at from jobs
   where stage = ${jobStages.queued} and not_before_at > $1::timestamptz`,
);

/** When the next queued job may be tried again; null when none waits for a time. */
export async function nextQueuedAt(db: Executor, now: string): Promise<string | null> {
  return (await db.run(soon, now))[0]?.at ?? null;
}

const selectSizes = statement<{ location: string; bytes: number }, [string[]]>(
  'location_sizes',
  `select distinct on (location) location, size_bytes as bytes from dataset_files
   where location = any($1) and size_bytes is not null`,
);

/** Sizes in bytes of files that the catalog knows. */
export async function sizesOfLocations(
  db: Executor,
  locations: readonly Location[],
): Promise<Map<Location, number>> {
  if (locations.length === 0) return new Map();
  const rows = await db.run(selectSizes, [...new Set(locations)]);
  return new Map(rows.map((row) => [row.location, row.bytes]));
}

/** What placing decided for one job, and where its inputs will lie. */
export interface PlacedJob {
  job: QueuedJob;
  placement: Placement;
  /** True when its inputs have to travel first. */
  staging: boolean;
  stagedInputs: Record<string, Location>;
}

/**
 * SQL that keeps what the placer saw, once for the jobs of a round that are alike: `seen` has the
 * ids by number. See {@link SeenOnce}.
 */
export const keepSeenSql = (seen: string, wanted = 'true'): string => `seen as materialized (
    select nextval('placements_id_seq') as id, n, considered
    from jsonb_to_recordset(${seen}::jsonb) as s(n integer, considered jsonb) where ${wanted}),
  kept as (insert into placements (id, considered) select id, considered from seen)`;

/** Numbers what the placer saw for the jobs of a round, the same for those that are alike. */
export class SeenOnce {
  readonly rows: { n: number; considered: Placement['considered'] }[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of what was seen for a job. */
  number({ specId, urgency, project, app }: JobKind, { siteId, considered }: Placement): number {
    const key = `${specId} ${urgency} ${project} ${app} ${siteId}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const n = this.rows.length;
    this.#numbers.set(key, n);
    this.rows.push({ n, considered });
    return n;
  }
}

const update = statement<never, [string, string, string]>(
  'place_jobs',
  `with ${keepSeenSql('$2')},
    changed as (
      update jobs j set site_id = p.site_id, state = p.state, reason = p.reason,
        placement_id = s.id, staged_inputs = p.staged_inputs, placed_at = $3::timestamptz,
        ready_at = case when p.state = 'ready' then $3::timestamptz end, not_before_at = null,
        state_since_at = $3::timestamptz
      from jsonb_to_recordset($1::jsonb) as p(id text, site_id text, state text, reason text,
        n integer, staged_inputs jsonb) join seen s on s.n = p.n
      where j.id = p.id and ${acceptsSql('j.state', 'placed')}
      returning j.id, j.project, j.flow_run_id, j.site_id, j.reason, j.state)
  insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
  select $3::timestamptz, 'job.placed', 'job', id, project, flow_run_id, jsonb_build_object(
    'siteId', site_id, 'reason', reason, 'staging', state = 'stagingIn') from changed order by id`,
);

/** Writes where jobs go; they become `ready`, or `stagingIn` when inputs have to travel. */
export async function markPlaced(
  tx: Executor,
  placed: readonly PlacedJob[],
  at: string,
): Promise<void> {
  if (placed.length === 0) return;
  const seen = new SeenOnce();
  const rows = placed.map(({ job, placement, staging, stagedInputs }) => ({
    id: job.id,
    site_id: placement.siteId,
    state: staging ? 'stagingIn' : 'ready',
    reason: placement.reason,
    n: seen.number(job, placement),
    staged_inputs: Object.keys(stagedInputs).length > 0 ? stagedInputs : undefined,
  }));
  await tx.run(update, jsonb(rows), jsonb(seen.rows), at);
}

const updateReasons = statement<never, [string, string]>(
  'unplaced_jobs',
  `with kinds as materialized (
      select * from jsonb_to_recordset($1::jsonb) as k("specId" bigint, urgency smallint,
        project text, app text, reason text, n integer)),
    targets as materialized (
      select j.id, k.n, k.reason from jobs j join kinds k on k."specId" = j.spec_id
        and k.urgency = j.urgency and k.project = j.project and k.app is not distinct from j.app
      where j.stage = ${jobStages.queued} and j.reason is distinct from k.reason
      order by j.id for update of j skip locked),
    ${keepSeenSql('$2', 'n in (select n from targets)')}
  update jobs j set reason = t.reason, placement_id = s.id
  from targets t join seen s on s.n = t.n where j.id = t.id`,
);

/** Why no site takes jobs of a kind. */
export interface UnplacedKind extends JobKind {
  reason: string;
  considered: Placement['considered'];
}

/** Writes why jobs could not be placed: to all queued ones of these kinds. */
export async function markUnplaced(tx: Executor, kinds: readonly UnplacedKind[]): Promise<void> {
  if (kinds.length === 0) return;
  const rows = kinds.map((kind, n) => ({ ...kindRow(kind), reason: kind.reason, n }));
  const seen = kinds.map(({ considered }, n) => ({ n, considered }));
  await tx.run(updateReasons, jsonb(rows), jsonb(seen));
}

/** A site with jobs that have just become ready, and its collection for work directories. */
export interface ReadySite {
  siteId: string;
  scratchCollection: string;
}

const staged = statement<ReadySite, [readonly string[], string]>(
  'jobs_staged',
  `with changed as (
      update jobs j set state = 'ready', ready_at = $2::timestamptz,
        state_since_at = $2::timestamptz
      where j.id = any($1) and ${acceptsSql('state', 'staged')} and not exists (
        select from transfers t where t.job_id = j.id and t.state in ('queued', 'active'))
      returning j.id, j.site_id, j.project, j.flow_run_id),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id)
      select $2::timestamptz, 'job.ready', 'job', id, project, flow_run_id from changed order by id)
  select distinct c.site_id as "siteId", s.scratch_collection as "scratchCollection"
  from changed c join sites s on s.id = c.site_id and s.scratch_collection is not null
  order by c.site_id`,
);

const lockJobs = statement<{ id: string }, [readonly string[]]>(
  'lock_jobs',
  `select id from jobs where id = any($1) order by id for update`,
);

/** Makes jobs ready none of whose inputs is on its way any more; answers their sites. */
export async function markStaged(
  tx: Executor,
  jobIds: readonly string[],
  at: string,
): Promise<ReadySite[]> {
  if (jobIds.length === 0) return [];
  // The lock comes first: of two transfers that end at once, the second must see the first.
  const [, sites] = await Promise.all([tx.run(lockJobs, jobIds), tx.run(staged, jobIds, at)]);
  return sites;
}
