import type { JobToPlace, Placement } from '@interpulse/domain/placement/place-jobs.ts';
import type { Location } from '@interpulse/domain/location.ts';
import { eventsParameter, insertEventsSql, type NewEvent } from '../events/append-events.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import { acceptsSql } from './job-fence.ts';

/** A queued job as placing needs it. */
export interface QueuedJob extends Omit<JobToPlace, 'inputBytes'> {
  inputs: Record<string, Location>;
  project: string;
  ownerId: string;
  flowRunId: string | null;
}

type QueuedRow = Omit<QueuedJob, 'command' | 'nodes'> & { resources: { nodes: number } };

const queuedColumns = `id, app, site_wish as site, cores, resources, deadline_at as "deadlineAt",
  inputs, project, owner_id as "ownerId", flow_run_id as "flowRunId"`;

const selectQueued = statement<QueuedRow, [number, number]>(
  'queued_jobs',
  `select ${queuedColumns} from jobs where state = 'queued'
   order by urgency, deadline_at nulls last, id
   limit $1 offset $2 for update skip locked`,
);

const selectThese = statement<QueuedRow, [number, string[]]>(
  'these_queued_jobs',
  `select ${queuedColumns} from jobs where id = any($2) and state = 'queued'
   order by id limit $1 for update skip locked`,
);

/**
 * Queued jobs, locked until the transaction ends: these, or the most urgent of all behind the first
 * `passed`.
 */
export async function lockQueuedJobs(
  tx: Executor,
  limit: number,
  jobIds: readonly string[] | null = null,
  passed = 0,
): Promise<QueuedJob[]> {
  const rows =
    jobIds === null
      ? await tx.run(selectQueued, limit, passed)
      : await tx.run(selectThese, limit, [...jobIds]);
  return rows.map(({ resources, ...row }) => ({
    ...row,
    command: row.app === null,
    nodes: resources.nodes,
  }));
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

const update = statement<never, [string, string, string]>(
  'place_jobs',
  `with changed as (
    update jobs j set site_id = p.site_id, state = p.state, reason = p.reason,
      considered = p.considered, staged_inputs = p.staged_inputs, placed_at = $2::timestamptz,
      ready_at = case when p.state = 'ready' then $2::timestamptz end,
      state_since_at = $2::timestamptz
    from jsonb_to_recordset($1::jsonb) as p(id text, site_id text, state text, reason text,
      considered jsonb, staged_inputs jsonb)
    where j.id = p.id and ${acceptsSql('j.state', 'placed')} returning j.id)
  ${insertEventsSql('$3', 'e.subject_id in (select id from changed)')}`,
);

/** Writes where jobs go; they become `ready`, or `stagingIn` when inputs have to travel. */
export async function markPlaced(
  tx: Executor,
  placed: readonly PlacedJob[],
  at: string,
): Promise<void> {
  if (placed.length === 0) return;
  const rows = placed.map(({ job, placement, staging, stagedInputs }) => ({
    id: job.id,
    site_id: placement.siteId,
    state: staging ? 'stagingIn' : 'ready',
    reason: placement.reason,
    considered: placement.considered,
    staged_inputs: stagedInputs,
  }));
  const events = placed.map(({ job, placement, staging }): NewEvent => ({
    at,
    kind: 'job.placed',
    subjectType: 'job',
    subjectId: job.id,
    project: job.project,
    flowRunId: job.flowRunId,
    actor: null,
    data: { siteId: placement.siteId, reason: placement.reason, staging },
  }));
  await tx.run(update, jsonb(rows), at, eventsParameter(events));
}

const updateReason = statement<never, [string]>(
  'unplaced_jobs',
  `update jobs j set reason = p.reason, considered = p.considered
   from jsonb_to_recordset($1::jsonb) as p(id text, reason text, considered jsonb)
   where j.id = p.id and j.state = 'queued' and j.reason is distinct from p.reason`,
);

/** Writes why jobs could not be placed. */
export async function markUnplaced(tx: Executor, placements: readonly Placement[]): Promise<void> {
  if (placements.length === 0) return;
  const rows = placements.map(({ jobId, reason, considered }) => ({
    id: jobId,
    reason,
    considered,
  }));
  await tx.run(updateReason, jsonb(rows));
}

/** A site with a job that has just become ready, and its collection for work directories. */
export interface ReadySite {
  siteId: string;
  scratchCollection: string;
}

const staged = statement<ReadySite, [string, string]>(
  'job_staged',
  `with locked as (select id, project, flow_run_id from jobs
      where id = $1 and ${acceptsSql('state', 'staged')} for update),
    changed as (
      update jobs j set state = 'ready', ready_at = $2::timestamptz,
        state_since_at = $2::timestamptz
      from locked where j.id = locked.id and not exists (
        select from transfers t where t.job_id = $1 and t.state in ('queued', 'active'))
      returning j.id, j.site_id, j.project, j.flow_run_id),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id)
      select $2::timestamptz, 'job.ready', 'job', id, project, flow_run_id from changed)
  select c.site_id as "siteId", s.scratch_collection as "scratchCollection"
  from changed c join sites s on s.id = c.site_id and s.scratch_collection is not null`,
);

const lockJob = statement<{ id: string }, [string]>(
  'lock_job',
  `select id from jobs where id = $1 for update`,
);

/** Makes a job ready when none of its inputs is on its way any more; answers its site then. */
export async function markStaged(
  tx: Executor,
  jobId: string,
  at: string,
): Promise<ReadySite | undefined> {
  // The lock comes first: of two transfers that end at once, the second must see the first.
  const [, sites] = await Promise.all([tx.run(lockJob, jobId), tx.run(staged, jobId, at)]);
  return sites[0];
}
