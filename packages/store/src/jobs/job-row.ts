import type { App } from '@interpulse/domain/app/app.ts';
import type { Job, JobOutput } from '@interpulse/domain/job/job.ts';
import { hideJob } from '@interpulse/domain/job/hide-job.ts';
import { urgencySchema, type Urgency } from '@interpulse/domain/job/urgency.ts';
import type { JsonTrail } from '@interpulse/domain/json.ts';

/** Urgencies as they sort in the database: urgent first. */
export const urgencyOrder: readonly Urgency[] = urgencySchema.options;

/** The number of an urgency. */
export function urgencyNumber(urgency: Urgency): number {
  return urgencyOrder.indexOf(urgency);
}

/** The urgency of a number. */
export function urgencyOf(number: number): Urgency {
  return urgencyOrder[number] ?? 'normal';
}

/** The SQL that selects a {@link JobRow}, up to its `where`. */
export const selectJobSql = `
  select j.id, j.label, j.app, coalesce(j.command, sp.code -> s.name -> 'command',
      sp.code -> '*' -> 'command', '[]') as command, j.project, u.name as owner, j.owner_id,
    j.flow_run_id, j.ensemble_id, j.created_by_job_id, sp.site_wish, j.site_id, s.name as site_name,
    j.pilot_id, j.attempt, j.state, j.reason, j.parameters, j.inputs, j.outputs, sp.resources,
    sp.on_error, sp.on_timeout, sp.on_parent_failure, sp.placement, sp.allocation, sp.restartable,
    sp.output_rules, sp.environment, sp.may_use_hub,
    j.return_to, j.not_before_at, j.urgency, j.priority, j.deadline_at, j.tags, j.exit_code,
    j.usage, j.created_at, j.placed_at, j.ready_at, j.started_at, j.ended_at, j.state_since_at,
    j.spec_id, j.placement_id, j.error_retries, j.timeout_retries, j.blamed_job_id, j.private_paths,
    (select array_agg(parent_id order by parent_id) from job_parents where job_id = j.id) as parents
  from jobs j join job_specs sp on sp.id = j.spec_id
  left join users u on u.id = j.owner_id left join sites s on s.id = j.site_id`;

/** A job as it is read, with its owner's and site's names. */
export interface JobRow {
  id: Job['id'];
  label: string;
  app: string | null;
  command: App['command'];
  project: string;
  owner: string | null;
  owner_id: string;
  flow_run_id: Job['flowRunId'];
  ensemble_id: Job['ensembleId'];
  created_by_job_id: Job['createdByJobId'];
  site_wish: Job['site'];
  site_id: Job['siteId'];
  site_name: string | null;
  pilot_id: Job['pilotId'];
  attempt: number;
  state: Job['state'];
  reason: string | null;
  parameters: Job['parameters'];
  inputs: Job['inputs'];
  outputs: JobOutput[] | null;
  output_rules: Job['outputRules'];
  environment: Job['environment'];
  resources: Job['resources'];
  on_error: Job['onError'];
  on_timeout: Job['onTimeout'];
  on_parent_failure: Job['onParentFailure'];
  placement: Job['placement'];
  allocation: string | null;
  restartable: boolean;
  may_use_hub: boolean;
  return_to: string | null;
  not_before_at: string | null;
  urgency: number;
  priority: number;
  deadline_at: string | null;
  tags: Job['tags'];
  exit_code: number | null;
  usage: Job['usage'];
  created_at: string;
  placed_at: string | null;
  ready_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  state_since_at: string;
  spec_id: number;
  placement_id: number | null;
  error_retries: number;
  timeout_retries: number;
  blamed_job_id: Job['id'] | null;
  private_paths: JsonTrail[] | null;
  parents: Job['parents'] | null;
}

/** The job that a row holds, as its readers may see it. */
export function jobOf(row: JobRow): Job {
  return hideJob(openJob(row), row.private_paths ?? []);
}

function openJob(row: JobRow): Job {
  return {
    id: row.id,
    label: row.label,
    app: row.app,
    command: row.command,
    project: row.project,
    owner: row.owner ?? row.owner_id,
    flowRunId: row.flow_run_id,
    ensembleId: row.ensemble_id,
    createdByJobId: row.created_by_job_id,
    parents: row.parents ?? [],
    onParentFailure: row.on_parent_failure,
    site: row.site_wish,
    placement: row.placement,
    allocation: row.allocation,
    returnTo: row.return_to,
    siteId: row.site_id,
    siteName: row.site_name,
    pilotId: row.pilot_id,
    attempt: row.attempt,
    state: row.state,
    reason: row.reason,
    parameters: row.parameters,
    inputs: row.inputs,
    // Values are for flows: a page of jobs with them would be large.
    outputs: (row.outputs ?? []).map(({ value: _, ...output }) => output),
    outputRules: row.output_rules,
    environment: row.environment,
    resources: row.resources,
    onError: row.on_error,
    onTimeout: row.on_timeout,
    restartable: row.restartable,
    mayUseHub: row.may_use_hub,
    urgency: urgencyOf(row.urgency),
    priority: row.priority,
    deadlineAt: row.deadline_at,
    tags: row.tags,
    exitCode: row.exit_code,
    usage: row.usage,
    notBeforeAt: row.not_before_at,
    createdAt: row.created_at,
    placedAt: row.placed_at,
    readyAt: row.ready_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    stateSinceAt: row.state_since_at,
  };
}
