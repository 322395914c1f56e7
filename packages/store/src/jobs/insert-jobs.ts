import type { App } from '@interpulse/domain/app/app.ts';
import type { EnsembleId, JobId, PilotId } from '@interpulse/domain/id.ts';
import type { Job } from '@interpulse/domain/job/job.ts';
import type { JsonTrail } from '@interpulse/domain/json.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import { urgencyNumber } from './job-row.ts';
import { keepSeenSql, SeenOnce, type PlacedJob } from './place-jobs.ts';

/** A job to be written. */
export interface NewJob extends Pick<
  Job,
  'label' | 'parameters' | 'inputs' | 'urgency' | 'priority' | 'deadlineAt' | 'returnTo' | 'tags'
> {
  id: JobId;
  app: string | null;
  /** Of a plain command; null for an app, whose command is in its spec. */
  command: App['command'] | null;
  /** See `keepSpecs`. */
  specId: number;
  /** On all its nodes together. */
  cores: number;
  mayUseHub: boolean;
  /** Jobs that must end first. */
  parents: JobId[];
}

/** What was decided of a job before it was written: where it goes, or why nowhere yet. */
export interface FirstPlace extends Omit<PlacedJob, 'job'> {
  /** The pilot that has it from the first: this is its first attempt. */
  pilotId: PilotId | null;
}

/** Where jobs come from. */
export interface NewJobsOrigin {
  project: string;
  ownerId: string;
  flowRunId: string | null;
  flowStep: number | null;
  createdByJobId: JobId | null;
  ensembleId: EnsembleId | null;
  /** Where values lie, in what they were asked with, that readers may not see. */
  privatePaths: readonly JsonTrail[];
}

/** Whose step of which flow run a job is, where jobs of one insertion differ in it. */
export interface OwnOrigin {
  project: string;
  ownerId: string;
  flowRunId: string;
  flowStep: number;
  /** Of which ensemble it is, and where in it, when the step is several jobs. */
  ensembleId: EnsembleId | undefined;
  place: number;
  privatePaths: readonly JsonTrail[] | undefined;
}

type Origin = [
  project: string,
  ownerId: string,
  flowRunId: string | null,
  flowStep: number | null,
  createdByJobId: string | null,
  ensembleId: string | null,
  privatePaths: string | null,
  seen: string,
];

const insert = statement<never, [string, string, ...Origin]>(
  'insert_jobs',
  `with ${keepSeenSql('$10')}, added as (
    insert into jobs (id, label, app, command, spec_id, project, owner_id, flow_run_id, flow_step,
      created_by_job_id, ensemble_id, ensemble_place, state, parameters, inputs, cores, urgency,
      priority, deadline_at, return_to, may_use_hub, tags, private_paths, created_at,
      state_since_at, reason, placement_id, site_id, placed_at, ready_at, staged_inputs, pilot_id,
      attempt, leased_at)
    select id, label, app, command, spec_id, coalesce(project, $3), coalesce(owner_id, $4),
      coalesce(flow_run_id, $5::text), coalesce(flow_step, $6::int), $7::text,
      coalesce(ensemble_id, $8::text),
      case when coalesce(ensemble_id, $8::text) is not null then place end, state, parameters,
      inputs, cores, urgency, priority, deadline_at, return_to, coalesce(may_use_hub, false), tags,
      coalesce(private_paths, $9::jsonb), $2::timestamptz, $2::timestamptz, reason,
      (select s.id from seen s where s.n = r.n), site_id,
      case when site_id is not null then $2::timestamptz end,
      case when state = 'ready' then $2::timestamptz end, staged_inputs, pilot_id,
      case when pilot_id is null then 0 else 1 end,
      case when pilot_id is not null then $2::timestamptz end
    from jsonb_to_recordset($1::jsonb) as r(id text, label text, app text, command jsonb,
      spec_id bigint, place integer, state text, parameters jsonb, inputs jsonb, cores integer,
      urgency smallint, priority smallint, deadline_at timestamptz, return_to text,
      may_use_hub boolean, tags jsonb, project text, owner_id text, flow_run_id text,
      flow_step integer, ensemble_id text, private_paths jsonb, n integer, reason text,
      site_id text, staged_inputs jsonb, pilot_id text)
    returning id, app, state, project, owner_id, flow_run_id, site_id, reason)
  insert into events (at, kind, subject_type, subject_id, project, flow_run_id, actor, data)
  select $2::timestamptz, case when e.part = 2 then 'job.placed' when site_id is null
      then 'job.' || state else 'job.queued' end,
    'job', id, project, flow_run_id, case when e.part = 1 then owner_id end,
    case when e.part = 2 then jsonb_build_object('siteId', site_id, 'reason', reason, 'staging',
        state = 'stagingIn')
      when app is null then '{}' else jsonb_build_object('app', app) end
  from added cross join (values (1), (2)) e(part) where e.part = 1 or site_id is not null
  order by id, e.part`,
);

const insertParents = statement<never, [string]>(
  'insert_job_parents',
  `insert into job_parents (job_id, parent_id)
   select id, p from jsonb_to_recordset($1::jsonb) as r(id text, parents text[]), unnest(parents) p
   on conflict do nothing`,
);

/** What is known besides of jobs that are inserted together, each by its index. */
export interface InsertedJobs {
  /** Their places in the request, for the ensemble; the order given, when there is nothing else. */
  places?: readonly number[];
  /** What the origin of each is besides, for steps of many flow runs. */
  own?: readonly OwnOrigin[];
  /** Where those go that were placed already. */
  first?: ReadonlyMap<JobId, FirstPlace>;
}

/**
 * Writes jobs and their history, in one statement: `queued`, or `waiting` when they have parents;
 * those that were placed already as what they are then.
 */
export async function insertJobs(
  tx: Executor,
  jobs: readonly NewJob[],
  origin: NewJobsOrigin,
  at: string,
  { places = jobs.map((_, place) => place), own = [], first = new Map() }: InsertedJobs = {},
): Promise<void> {
  if (jobs.length === 0) return;
  const seen = new SeenOnce();
  const rows = jobs.map((job, index) => ({
    id: job.id,
    label: job.label,
    app: job.app ?? undefined,
    command: job.command ?? undefined,
    spec_id: job.specId,
    place: own[index]?.place ?? places[index],
    state: job.parents.length > 0 ? 'waiting' : 'queued',
    parameters: job.parameters,
    inputs: job.inputs,
    cores: job.cores,
    urgency: urgencyNumber(job.urgency),
    priority: job.priority,
    deadline_at: job.deadlineAt ?? undefined,
    return_to: job.returnTo ?? undefined,
    may_use_hub: job.mayUseHub || undefined,
    tags: job.tags,
    project: own[index]?.project,
    owner_id: own[index]?.ownerId,
    flow_run_id: own[index]?.flowRunId,
    flow_step: own[index]?.flowStep,
    ensemble_id: own[index]?.ensembleId,
    private_paths: own[index]?.privatePaths,
    ...firstColumns(job, own[index]?.project ?? origin.project, first.get(job.id), seen),
  }));
  const { project, ownerId, flowRunId, flowStep, createdByJobId, ensembleId, privatePaths } =
    origin;
  const children = jobs.filter(({ parents }) => parents.length > 0);
  await Promise.all([
    tx.run(
      insert,
      jsonb(rows),
      at,
      project,
      ownerId,
      flowRunId,
      flowStep,
      createdByJobId,
      ensembleId,
      privatePaths.length === 0 ? null : jsonb(privatePaths),
      jsonb(seen.rows),
    ),
    children.length === 0
      ? undefined
      : tx.run(insertParents, jsonb(children.map(({ id, parents }) => ({ id, parents })))),
  ]);
}

function firstColumns(job: NewJob, project: string, first: FirstPlace | undefined, seen: SeenOnce) {
  if (first === undefined) return {};
  const { placement, staging, stagedInputs, pilotId } = first;
  const isPlaced = placement.siteId !== null;
  return {
    n: seen.number({ ...job, project }, placement),
    reason: placement.reason,
    ...(isPlaced ? { state: staging ? 'stagingIn' : 'ready', site_id: placement.siteId } : {}),
    staged_inputs: Object.keys(stagedInputs).length > 0 ? stagedInputs : undefined,
    pilot_id: pilotId ?? undefined,
  };
}

const insertEnsembleRow = statement<
  never,
  [string, string, string, string, string, number, string]
>(
  'insert_ensemble',
  `insert into ensembles (id, label, project, owner_id, tags, total, created_at)
   values ($1, $2, $3, $4, $5::jsonb, $6, $7::timestamptz)`,
);

/** An ensemble to be written. */
export interface NewEnsemble {
  id: EnsembleId;
  label: string;
  project: string;
  ownerId: string;
  tags: Record<string, string>;
  total: number;
}

/** Writes an ensemble; its jobs name it. */
export async function insertEnsemble(tx: Executor, it: NewEnsemble, at: string): Promise<void> {
  const { id, label, project, ownerId, tags, total } = it;
  await tx.run(insertEnsembleRow, id, label, project, ownerId, jsonb(tags), total, at);
}
