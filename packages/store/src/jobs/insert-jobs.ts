import type { App } from '@interpulse/domain/app/app.ts';
import type { JobId } from '@interpulse/domain/id.ts';
import type { JobRequest } from '@interpulse/domain/job/job.ts';
import type { Resources } from '@interpulse/domain/app/app.ts';
import { insertEventsSql, eventsParameter } from '../events/append-events.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import { urgencyNumber } from './job-row.ts';

/** A job to be written: a request whose app, project and owner are known. */
export interface NewJob extends Omit<JobRequest, 'app' | 'command' | 'project' | 'resources'> {
  id: JobId;
  app: string | null;
  command: App['command'];
  resources: Resources;
  project: string;
  ownerId: string;
  flowRunId: string | null;
  flowStep: number | null;
}

const insert = statement<never, [string, string, string]>(
  'insert_jobs',
  `with added as (
    insert into jobs (id, label, app, command, project, owner_id, flow_run_id, flow_step, site_wish,
      state, parameters, inputs, output_rules, environment, cores, resources, urgency, deadline_at,
      tags, created_at, state_since_at)
    select id, label, app, command, project, owner_id, flow_run_id, flow_step, site_wish, 'queued',
      parameters, inputs, output_rules, environment, cores, resources, urgency, deadline_at, tags,
      $2::timestamptz, $2::timestamptz
    from jsonb_to_recordset($1::jsonb) as r(id text, label text, app text, command jsonb,
      project text, owner_id text, flow_run_id text, flow_step integer, site_wish jsonb,
      parameters jsonb, inputs jsonb, output_rules jsonb, environment jsonb, cores integer,
      resources jsonb, urgency smallint, deadline_at timestamptz, tags jsonb)
    returning id)
  ${insertEventsSql('$3', 'exists (select from added)')}`,
);

/** Writes jobs in state `queued`, and their history, in one statement. */
export async function insertJobs(tx: Executor, jobs: readonly NewJob[], at: string): Promise<void> {
  if (jobs.length === 0) return;
  const rows = jobs.map((job) => ({
    id: job.id,
    label: job.label,
    app: job.app,
    command: job.command,
    project: job.project,
    owner_id: job.ownerId,
    flow_run_id: job.flowRunId,
    flow_step: job.flowStep,
    site_wish: job.site,
    parameters: job.parameters,
    inputs: job.inputs,
    output_rules: job.outputs,
    environment: job.environment,
    cores: job.resources.cores,
    resources: job.resources,
    urgency: urgencyNumber(job.urgency),
    deadline_at: job.deadlineAt,
    tags: job.tags,
  }));
  const events = jobs.map((job) => ({
    at,
    kind: 'job.queued',
    subjectType: 'job' as const,
    subjectId: job.id,
    project: job.project,
    flowRunId: job.flowRunId,
    actor: job.ownerId,
    data: job.app === null ? {} : { app: job.app },
  }));
  await tx.run(insert, jsonb(rows), at, eventsParameter(events));
}
