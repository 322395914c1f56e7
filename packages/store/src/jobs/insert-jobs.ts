import type { App } from '@interpulse/domain/app/app.ts';
import type { EnsembleId, JobId } from '@interpulse/domain/id.ts';
import type { Job } from '@interpulse/domain/job/job.ts';
import type { JsonTrail } from '@interpulse/domain/json.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import { urgencyNumber } from './job-row.ts';

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
];

const insert = statement<never, [string, string, ...Origin]>(
  'insert_jobs',
  `with added as (
    insert into jobs (id, label, app, command, spec_id, project, owner_id, flow_run_id, flow_step,
      created_by_job_id, ensemble_id, ensemble_place, state, parameters, inputs, cores, urgency,
      priority, deadline_at, return_to, may_use_hub, tags, private_paths, created_at,
      state_since_at)
    select id, label, app, command, spec_id, coalesce(project, $3), coalesce(owner_id, $4),
      coalesce(flow_run_id, $5::text), coalesce(flow_step, $6::int), $7::text,
      coalesce(ensemble_id, $8::text),
      case when coalesce(ensemble_id, $8::text) is not null then place end, state, parameters,
      inputs, cores, urgency, priority, deadline_at, return_to, coalesce(may_use_hub, false), tags,
      coalesce(private_paths, $9::jsonb), $2::timestamptz, $2::timestamptz
    from jsonb_to_recordset($1::jsonb) as r(id text, label text, app text, command jsonb,
      spec_id bigint, place integer, state text, parameters jsonb, inputs jsonb, cores integer,
      urgency smallint, priority smallint, deadline_at timestamptz, return_to text,
      may_use_hub boolean, tags jsonb, project text, owner_id text, flow_run_id text,
      flow_step integer, ensemble_id text, private_paths jsonb)
    returning id, app, state, project, owner_id, flow_run_id)
  insert into events (at, kind, subject_type, subject_id, project, flow_run_id, actor, data)
  select $2::timestamptz, 'job.' || state, 'job', id, project, flow_run_id, owner_id,
    case when app is null then '{}' else jsonb_build_object('app', app) end from added`,
);

const insertParents = statement<never, [string]>(
  'insert_job_parents',
  `insert into job_parents (job_id, parent_id)
   select id, p from jsonb_to_recordset($1::jsonb) as r(id text, parents text[]), unnest(parents) p
   on conflict do nothing`,
);

/**
 * Writes jobs and their history, in one statement: `queued`, or `waiting` when they have parents.
 * `places` are their places in the request, for the ensemble; `own` is what the origin of each is
 * besides, for steps of many flow runs.
 */
export async function insertJobs(
  tx: Executor,
  jobs: readonly NewJob[],
  origin: NewJobsOrigin,
  at: string,
  places: readonly number[] = jobs.map((_, place) => place),
  own: readonly OwnOrigin[] = [],
): Promise<void> {
  if (jobs.length === 0) return;
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
    ),
    children.length === 0
      ? undefined
      : tx.run(insertParents, jsonb(children.map(({ id, parents }) => ({ id, parents })))),
  ]);
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
