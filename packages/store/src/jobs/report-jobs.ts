import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { Resources, RetryRule } from '@interpulse/domain/app/app.ts';
import type { JobId } from '@interpulse/domain/id.ts';
import type { JobOutput } from '@interpulse/domain/job/job.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import { acceptsSql } from './job-fence.ts';

/** What is applied of one attempt: its last word, with what an earlier one of the batch told. */
export interface AttemptWord extends Omit<JobReport, 'preview'> {
  /** For one that ended badly and is tried again; null otherwise. */
  retry: AttemptRetry | null;
}

/** How a job is tried again. */
export interface AttemptRetry {
  /** Null for at once. */
  notBeforeAt: string | null;
  /** With other resources; null with the same. */
  specId: number | null;
  cores: number | null;
}

/** A job whose row a word changed. */
export interface ReportedJob {
  jobId: JobId;
  attempt: number;
  state: 'active' | 'ready' | 'queued' | 'stagingOut' | 'completed' | 'failed' | 'canceled';
  app: string | null;
  flowRunId: string | null;
  flowStep: number | null;
  mayUseHub: boolean;
  /** Of one whose outputs are to be brought back. */
  returning: { returnTo: string; project: string; ownerId: string } | null;
}

/**
 * Applies words, fenced by site, pilot and attempt: what is not of the current attempt changes
 * nothing, and neither does a `started` that comes twice or after its end. One statement changes a
 * row once: no two words of one job.
 */
const apply = statement<ReportedJob, [string, string]>(
  'report_jobs',
  `with reports as (
      select * from jsonb_to_recordset($1::jsonb) as r(job_id text, attempt integer, pilot_id text,
        event text, at timestamptz, started_at timestamptz, host text,
        hosts jsonb, unix_user text, pid integer, argv jsonb, app_digest text, versions jsonb,
        exit_code integer, signal text, reason text, usage jsonb, outputs jsonb, stderr_tail text,
        again boolean,
        not_before_at timestamptz, spec_id bigint, cores integer)),
    judged as (
      select r.*, case event when 'started' then 'active' when 'completed' then 'completed'
        when 'canceled' then 'canceled' when 'preempted' then 'ready' when 'released' then 'ready'
        else case when again then 'queued' else 'failed' end end as next,
        -- Of a short attempt the start is told with the end.
        event <> 'started' and r.started_at is not null
          and (select started_at from jobs where id = r.job_id) is null as tells_start
      from reports r),
    changed as (
      update jobs j set
        state = case when r.next = 'completed' and j.return_to is not null
          and r.outputs is not null then 'stagingOut' else r.next end,
        state_since_at = r.at,
        started_at = case when r.next not in ('ready', 'queued')
          then coalesce(r.started_at, j.started_at) end,
        ended_at = case when r.next in ('failed', 'canceled')
          or (r.next = 'completed' and (j.return_to is null or r.outputs is null)) then r.at end,
        reason = r.reason, exit_code = r.exit_code, usage = r.usage, outputs = r.outputs,
        pilot_id = case when r.next not in ('ready', 'queued') then j.pilot_id end,
        site_id = case when r.next <> 'queued' then j.site_id end,
        placed_at = case when r.next <> 'queued' then j.placed_at end,
        ready_at = case when r.next <> 'queued' then j.ready_at end,
        staged_inputs = case when r.next <> 'queued' then j.staged_inputs end,
        not_before_at = r.not_before_at,
        spec_id = coalesce(r.spec_id, j.spec_id), cores = coalesce(r.cores, j.cores),
        error_retries = j.error_retries
          + case when r.next = 'queued' and r.event = 'failed' then 1 else 0 end,
        timeout_retries = j.timeout_retries
          + case when r.next = 'queued' and r.event = 'timedOut' then 1 else 0 end
      from judged r
      where j.id = r.job_id and j.attempt = r.attempt and j.pilot_id = r.pilot_id
        and j.site_id = $2
        and case r.event when 'started' then ${acceptsSql('j.state', 'started')}
          when 'released' then ${acceptsSql('j.state', 'released')}
          when 'preempted' then ${acceptsSql('j.state', 'preempted')}
          else ${acceptsSql('j.state', 'stageOutStarted')} end
      returning j.id, j.attempt, j.state, j.app, j.project, j.owner_id, j.flow_run_id, j.flow_step,
        j.may_use_hub, j.return_to, j.leased_at, r.pilot_id, r.event,
        r.tells_start, r.at, r.started_at, r.host, r.hosts, r.unix_user, r.pid, r.argv,
        r.app_digest, r.versions, r.exit_code, r.signal, r.reason, r.usage, r.stderr_tail,
        r.not_before_at, j.private_paths),
    attempts as (
      insert into job_attempts as a (job_id, number, site_name, pilot_id, host, hosts, unix_user,
        pid, argv, app_digest, versions, leased_at, started_at, ended_at, outcome, usage, reason,
        exit_code, signal, stderr_tail)
      select c.id, c.attempt, (select name from sites where id = $2), c.pilot_id, c.host,
        c.hosts, c.unix_user, c.pid, c.argv,
        c.app_digest, c.versions, c.leased_at, c.started_at,
        case when c.event <> 'started' then c.at end,
        case when c.event <> 'started' then c.event end,
        c.usage, c.reason, c.exit_code, c.signal, c.stderr_tail
      from changed c
      on conflict (job_id, number) do update set ended_at = excluded.ended_at,
        started_at = coalesce(a.started_at, excluded.started_at), outcome = excluded.outcome,
        pid = coalesce(excluded.pid, a.pid), usage = excluded.usage, reason = excluded.reason,
        exit_code = excluded.exit_code, signal = excluded.signal,
        stderr_tail = excluded.stderr_tail,
        argv = case when excluded.argv = '[]' then a.argv else excluded.argv end,
        hosts = case when excluded.hosts = '[]' then a.hosts else excluded.hosts end,
        versions = case when excluded.versions = '{}' then a.versions else excluded.versions end,
        unix_user = coalesce(excluded.unix_user, a.unix_user),
        app_digest = coalesce(excluded.app_digest, a.app_digest)),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
      select case when e.part = 1 then c.started_at else c.at end,
        'job.' || case when e.part = 1 then 'started' when c.state = 'queued' then 'retried'
          when c.state = 'stagingOut' then 'stageOutStarted'
          when c.event = 'timedOut' then 'failed' else c.event end,
        'job', c.id, c.project, c.flow_run_id,
        case when e.part = 1 then jsonb_build_object('attempt', c.attempt, 'host', c.host)
          else jsonb_strip_nulls(jsonb_build_object('attempt', c.attempt, 'host', c.host,
            -- A program may say what it was given; the job's own reason is read without it.
            'exitCode', c.exit_code, 'reason', case when c.private_paths is null then c.reason end,
            'notBeforeAt', c.not_before_at)) end
      from changed c cross join (values (1), (2)) e(part) where e.part = 2 or c.tells_start
      order by c.id, e.part)
  select id as "jobId", attempt, state, app, flow_run_id as "flowRunId", flow_step as "flowStep",
    may_use_hub as "mayUseHub", case when state = 'stagingOut' then jsonb_build_object(
      'returnTo', return_to, 'project', project, 'ownerId', owner_id) end as returning
  from changed`,
);

/** Applies words of attempts at a site; answers the jobs that changed. */
export async function applyAttemptWords(
  tx: Executor,
  siteId: string,
  words: readonly AttemptWord[],
): Promise<ReportedJob[]> {
  if (words.length === 0) return [];
  // Rows are locked in this order, which is that of all who lock many jobs.
  const inOrder = words.toSorted((a, b) => (a.jobId < b.jobId ? -1 : 1));
  const rows = inOrder.map((word) => ({
    job_id: word.jobId,
    attempt: word.attempt,
    pilot_id: word.pilotId,
    event: word.event,
    at: word.at,
    started_at: word.event === 'started' ? word.at : (word.startedAt ?? undefined),
    host: word.host,
    hosts: word.hosts,
    unix_user: word.user ?? undefined,
    pid: word.pid ?? undefined,
    argv: word.argv,
    app_digest: word.appDigest ?? undefined,
    versions: word.versions,
    exit_code: word.exitCode ?? undefined,
    signal: word.signal ?? undefined,
    reason: word.reason ?? undefined,
    usage: word.usage ?? undefined,
    outputs: word.outputs.length === 0 ? undefined : word.outputs,
    stderr_tail: word.stderrTail ?? undefined,
    again: word.retry === null ? undefined : true,
    not_before_at: word.retry?.notBeforeAt ?? undefined,
    spec_id: word.retry?.specId ?? undefined,
    cores: word.retry?.cores ?? undefined,
  }));
  return tx.run(apply, jsonb(rows), siteId);
}

/** What decides whether a job is tried again. */
export interface RetryState {
  jobId: JobId;
  specId: number;
  resources: Resources;
  onError: RetryRule;
  onTimeout: RetryRule;
  errorRetries: number;
  timeoutRetries: number;
}

const selectRetry = statement<RetryState, [string[]]>(
  'retry_states',
  `select j.id as "jobId", j.spec_id as "specId", sp.resources, sp.on_error as "onError",
     sp.on_timeout as "onTimeout", j.error_retries as "errorRetries",
     j.timeout_retries as "timeoutRetries"
   from jobs j join job_specs sp on sp.id = j.spec_id where j.id = any($1)`,
);

/** The rules of jobs that ended badly, and how often they were tried again. */
export async function retryStates(db: Executor, jobIds: readonly string[]): Promise<RetryState[]> {
  return jobIds.length === 0 ? [] : db.run(selectRetry, [...jobIds]);
}

const noteUse = statement<never, [string]>(
  'canceled_use',
  `update job_attempts a set usage = r.usage, exit_code = r.exit_code, signal = r.signal,
     host = r.host, stderr_tail = r.stderr_tail
   from jsonb_to_recordset($1::jsonb) as r(job_id text, attempt integer, pilot_id text, usage jsonb,
     exit_code integer, signal text, host text, stderr_tail text)
   where a.job_id = r.job_id and a.number = r.attempt and a.pilot_id = r.pilot_id
     and a.outcome = 'canceled' and a.usage is null`,
);

/** Notes what attempts had used that were canceled here before their pilots said so. */
export async function noteCanceledUse(
  tx: Executor,
  reports: readonly Omit<JobReport, 'preview'>[],
): Promise<void> {
  if (reports.length === 0) return;
  const rows = reports.map((report) => ({
    job_id: report.jobId,
    attempt: report.attempt,
    pilot_id: report.pilotId,
    usage: report.usage ?? undefined,
    exit_code: report.exitCode,
    signal: report.signal,
    host: report.host,
    stderr_tail: report.stderrTail,
  }));
  await tx.run(noteUse, jsonb(rows));
}

const insertPreview = statement<never, [string, number, string, string, string]>(
  'job_preview',
  `insert into job_previews (job_id, location, preview)
   select id, $4, $5::jsonb from jobs
   where id = $1 and attempt = $2 and pilot_id = $3 and state in ('completed', 'stagingOut')
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

/** Bytes of what an attempt left behind. */
export function bytesOf(outputs: readonly JobOutput[]): number {
  return outputs.reduce((sum, output) => sum + output.sizeBytes, 0);
}
