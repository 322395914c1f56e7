import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { JobId } from '@interpulse/domain/id.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import { acceptsSql } from './job-fence.ts';

/** A job whose row a report changed. */
export interface ReportedJob {
  jobId: JobId;
  state: 'active' | 'completed' | 'failed' | 'canceled';
  app: string | null;
  siteId: string;
  flowRunId: string | null;
  flowStep: number | null;
  runSeconds: number | null;
}

/**
 * Applies reports, fenced by site, pilot and attempt: what is not of the current attempt changes
 * nothing.
 * A `started` that comes after its end (or twice) changes nothing either.
 */
const apply = statement<ReportedJob, [string, string]>(
  'report_jobs',
  `with reports as (
      select * from jsonb_to_recordset($1::jsonb) as r(job_id text, attempt integer, pilot_id text,
        event text, at timestamptz, host text, pid integer, argv jsonb, exit_code integer,
        signal text, reason text, usage jsonb, outputs jsonb, stderr_tail text)),
    changed as (
      update jobs j set
        state = case r.event when 'started' then 'active' else r.event end,
        state_since_at = r.at,
        started_at = case when r.event = 'started' then r.at else j.started_at end,
        ended_at = case when r.event = 'started' then null else r.at end,
        reason = r.reason, exit_code = r.exit_code, usage = r.usage, outputs = r.outputs,
        pilot_id = j.pilot_id
      from reports r
      where j.id = r.job_id and j.attempt = r.attempt and j.pilot_id = r.pilot_id
        and j.site_id = $2
        and case r.event when 'started' then ${acceptsSql('j.state', 'started')}
          when 'completed' then ${acceptsSql('j.state', 'finished')}
          when 'canceled' then ${acceptsSql('j.state', 'canceled')}
          else ${acceptsSql('j.state', 'failed')} end
      returning j.id, j.attempt, j.state, j.app, j.site_id, j.project, j.owner_id, j.flow_run_id,
        j.flow_step, j.usage, r.at, r.event, r.host, r.pid, r.argv, r.exit_code, r.signal,
        r.reason, r.stderr_tail),
    attempts as (
      update job_attempts a set
        host = c.host, pid = coalesce(c.pid, a.pid),
        argv = case when c.argv = '[]'::jsonb then a.argv else c.argv end,
        started_at = case when c.event = 'started' then c.at else a.started_at end,
        ended_at = case when c.event = 'started' then null else c.at end,
        outcome = case when c.event = 'started' then null else c.event end,
        reason = c.reason, exit_code = c.exit_code, signal = c.signal, stderr_tail = c.stderr_tail
      from changed c where a.job_id = c.id and a.number = c.attempt),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
      select at, 'job.' || event, 'job', id, project, flow_run_id,
        jsonb_strip_nulls(jsonb_build_object('attempt', attempt, 'host', host,
          'exitCode', exit_code, 'reason', reason)) from changed)
  select id as "jobId", state, app, site_id as "siteId", flow_run_id as "flowRunId",
    flow_step as "flowStep", (usage->>'wallSeconds')::float8 as "runSeconds" from changed`,
);

/**
 * Applies reports of one kind of event, in one statement; answers the jobs that changed. Call it
 * once for `started` and once for the ends, in that order: one statement changes a row only once.
 */
export async function applyJobReports(
  tx: Executor,
  siteId: string,
  reports: readonly JobReport[],
): Promise<ReportedJob[]> {
  if (reports.length === 0) return [];
  const rows = reports.map((report) => ({
    job_id: report.jobId,
    attempt: report.attempt,
    pilot_id: report.pilotId,
    event: report.event,
    at: report.at,
    host: report.host,
    pid: report.pid,
    argv: report.argv,
    exit_code: report.exitCode,
    signal: report.signal,
    reason: report.reason,
    usage: report.usage,
    outputs: report.outputs,
    stderr_tail: report.stderrTail,
  }));
  return tx.run(apply, jsonb(rows), siteId);
}

const insertPreview = statement<never, [string, number, string, string, string]>(
  'job_preview',
  `insert into job_previews (job_id, location, preview)
   select id, $4, $5::jsonb from jobs
   where id = $1 and attempt = $2 and pilot_id = $3 and state = 'completed'
   on conflict (job_id) do update set location = excluded.location, preview = excluded.preview`,
);

/** Keeps the preview that the attempt which completed a job left, under its file's location. */
export async function keepJobPreview(
  tx: Executor,
  { jobId, attempt, pilotId, preview }: JobReport,
  location: string,
): Promise<void> {
  await tx.run(insertPreview, jobId, attempt, pilotId, location, jsonb(preview));
}

const observe = statement<never, [string]>(
  'observe_runtimes',
  `insert into app_runtimes as a (site_id, app, samples, run_seconds)
   select site_id, app, count(*)::int, avg(seconds)
   from jsonb_to_recordset($1::jsonb) as r(site_id text, app text, seconds float8)
   group by site_id, app
   on conflict (site_id, app) do update set samples = a.samples + excluded.samples,
     run_seconds = a.run_seconds + (excluded.run_seconds - a.run_seconds)
       * greatest(0.2, 1.0 / (a.samples + excluded.samples))`,
);

/** Learns from runs that ended well: a moving average by site and app. */
export async function observeRuntimes(tx: Executor, jobs: readonly ReportedJob[]): Promise<void> {
  const seen = jobs
    .filter((job) => job.state === 'completed' && job.app !== null && job.runSeconds !== null)
    .map((job) => ({ site_id: job.siteId, app: job.app, seconds: job.runSeconds }));
  if (seen.length > 0) await tx.run(observe, jsonb(seen));
}
