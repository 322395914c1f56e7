import type { Job } from '@interpulse/domain/job/job.ts';
import { urgencySchema, type Urgency } from '@interpulse/domain/job/job.ts';

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
  select j.id, j.label, j.app, j.command, j.project, u.name as owner, j.owner_id, j.flow_run_id,
    j.site_wish, j.site_id, s.name as site_name, j.pilot_id, j.attempt, j.state, j.reason,
    j.parameters, j.inputs, j.outputs, j.resources, j.urgency, j.deadline_at, j.tags, j.exit_code,
    j.usage, j.created_at, j.placed_at, j.ready_at, j.started_at, j.ended_at, j.state_since_at,
    j.considered
  from jobs j left join users u on u.id = j.owner_id left join sites s on s.id = j.site_id`;

/** A job as it is read, with its owner's and site's names. */
export interface JobRow {
  id: Job['id'];
  label: string;
  app: string | null;
  command: Job['command'];
  project: string;
  owner: string | null;
  owner_id: string;
  flow_run_id: Job['flowRunId'];
  site_wish: Job['site'];
  site_id: Job['siteId'];
  site_name: string | null;
  pilot_id: Job['pilotId'];
  attempt: number;
  state: Job['state'];
  reason: string | null;
  parameters: Job['parameters'];
  inputs: Job['inputs'];
  outputs: Job['outputs'];
  resources: Job['resources'];
  urgency: number;
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
  considered: unknown[];
}

/** The job that a row holds. */
export function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    label: row.label,
    app: row.app,
    command: row.command,
    project: row.project,
    owner: row.owner ?? row.owner_id,
    flowRunId: row.flow_run_id,
    site: row.site_wish,
    siteId: row.site_id,
    siteName: row.site_name,
    pilotId: row.pilot_id,
    attempt: row.attempt,
    state: row.state,
    reason: row.reason,
    parameters: row.parameters,
    inputs: row.inputs,
    outputs: row.outputs,
    resources: row.resources,
    urgency: urgencyOf(row.urgency),
    deadlineAt: row.deadline_at,
    tags: row.tags,
    exitCode: row.exit_code,
    usage: row.usage,
    createdAt: row.created_at,
    placedAt: row.placed_at,
    readyAt: row.ready_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    stateSinceAt: row.state_since_at,
  };
}
