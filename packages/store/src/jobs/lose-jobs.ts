import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import { acceptsSql } from './job-fence.ts';

/** A job that was taken back, or failed because it was taken back too often. */
export interface TakenBackJob {
  jobId: string;
  state: 'ready' | 'queued' | 'failed';
  siteId: string | null;
  flowRunId: string | null;
  flowStep: number | null;
}

const select = `select id as "jobId", state, site_id as "siteId", flow_run_id as "flowRunId",
  flow_step as "flowStep" from changed`;

/** Attempts that had not ended are closed as lost. */
const closeAttempts = `attempts as (
  update job_attempts a set outcome = 'lost', ended_at = $2::timestamptz, reason = $3
  from changed c where a.job_id = c.id and a.number = c.attempt and a.ended_at is null)`;

/** Transfers of inputs that nobody waits for any more are canceled, and their history says so. */
const cancelTransfers = (reason: string) => `stale as (
    update transfers t set state = 'canceled', ended_at = $2::timestamptz, reason = ${reason}
    from changed c where t.job_id = c.id and t.state in ('queued', 'active')
    returning t.id, t.project, t.flow_run_id),
  stale_history as (
    insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
    select $2::timestamptz, 'transfer.canceled', 'transfer', id, project, flow_run_id,
      jsonb_build_object('reason', ${reason}::text) from stale)`;

const history = (event: string) => `history as (
  insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
  select $2::timestamptz, case when state = 'failed' then 'job.failed' else 'job.${event}' end,
    'job', id, project, flow_run_id, jsonb_build_object('attempt', attempt, 'reason', $3::text)
  from changed)`;

const losePilots = statement<TakenBackJob, [string[], string, string, number]>(
  'jobs_of_lost_pilots',
  `with changed as (
      update jobs set pilot_id = null,
        faults = faults + case when state = 'active' then 1 else 0 end,
        state = case when state = 'active' and faults + 1 >= $4 then 'failed' else 'ready' end,
        ended_at = case when state = 'active' and faults + 1 >= $4 then $2::timestamptz end,
        started_at = null, reason = $3, state_since_at = $2::timestamptz
      where pilot_id = any($1) and ${acceptsSql('state', 'pilotLost')}
      returning id, attempt, state, site_id, project, flow_run_id, flow_step),
    ${closeAttempts}, ${history('pilotLost')}
  ${select}`,
);

/** Takes back what lost pilots held: ready again with the next attempt, or failed for good. */
export async function takeBackFromPilots(
  tx: Executor,
  pilotIds: readonly string[],
  at: string,
  reason: string,
): Promise<TakenBackJob[]> {
  return tx.run(losePilots, [...pilotIds], at, reason, limits.attemptsPerJob);
}

const loseSite = statement<TakenBackJob, [string, string, string, number]>(
  'jobs_of_lost_site',
  `with changed as (
      update jobs set site_id = null, pilot_id = null, staged_inputs = '{}',
        faults = faults + case when state = 'active' then 1 else 0 end,
        state = case when state = 'active' and faults + 1 >= $4 then 'failed' else 'queued' end,
        ended_at = case when state = 'active' and faults + 1 >= $4 then $2::timestamptz end,
        placed_at = null, ready_at = null, started_at = null, reason = $3,
        state_since_at = $2::timestamptz
      where site_id = $1 and ${acceptsSql('state', 'siteLost')}
      returning id, attempt, state, site_id, project, flow_run_id, flow_step),
    ${cancelTransfers('$3')}, ${closeAttempts}, ${history('siteLost')}
  ${select}`,
);

/** Takes back what a lost site held: queued again, so that it is placed elsewhere. */
export async function takeBackFromSite(
  tx: Executor,
  siteId: string,
  at: string,
  reason: string,
): Promise<TakenBackJob[]> {
  return tx.run(loseSite, siteId, at, reason, limits.attemptsPerJob);
}

/** A job that was canceled, and the pilot that may be running it. */
export interface CanceledJob {
  jobId: JobId;
  attempt: number;
  pilotId: PilotId | null;
  siteId: string | null;
  flowRunId: string | null;
  flowStep: number | null;
}

const cancel = statement<CanceledJob, [string[], string, string | null, string]>(
  'cancel_jobs',
  `with changed as (
      update jobs set state = 'canceled', reason = $4, ended_at = $2::timestamptz,
        state_since_at = $2::timestamptz
      where id = any($1) and ${acceptsSql('state', 'canceled')}
      returning id, attempt, pilot_id, site_id, project, flow_run_id, flow_step),
    ${cancelTransfers('$4')},
    attempts as (
      update job_attempts a set outcome = 'canceled', ended_at = $2::timestamptz, reason = $4
      from changed c where a.job_id = c.id and a.number = c.attempt and a.ended_at is null),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, actor, data)
      select $2::timestamptz, 'job.canceled', 'job', id, project, flow_run_id, $3,
        jsonb_build_object('reason', $4::text) from changed)
  select id as "jobId", attempt, pilot_id as "pilotId", site_id as "siteId",
    flow_run_id as "flowRunId", flow_step as "flowStep" from changed`,
);

/** Cancels jobs that have not ended. Their processes are ended by the agents, afterwards. */
export async function cancelJobs(
  tx: Executor,
  jobIds: readonly string[],
  at: string,
  actor: string | null,
  reason: string,
): Promise<CanceledJob[]> {
  return tx.run(cancel, [...jobIds], at, actor, reason);
}

const fail = statement<TakenBackJob, [string, string, string]>(
  'fail_job',
  `with changed as (
      update jobs set state = 'failed', reason = $3, ended_at = $2::timestamptz,
        state_since_at = $2::timestamptz
      where id = $1 and ${acceptsSql('state', 'failed')}
      returning id, attempt, state, site_id, project, flow_run_id, flow_step),
    ${closeAttempts}, ${cancelTransfers('$3')}, ${history('failed')}
  ${select}`,
);

/** Fails a job that has not ended, for a reason outside of its attempts (inputs cannot be had). */
export async function failJob(
  tx: Executor,
  jobId: string,
  at: string,
  reason: string,
): Promise<TakenBackJob | undefined> {
  return (await tx.run(fail, jobId, at, reason))[0];
}

/** One attempt as its pilot holds it. */
export interface HeldAttempt {
  jobId: JobId;
  attempt: number;
  pilotId: PilotId;
}

const stale = statement<HeldAttempt, [string, string]>(
  'stale_attempts',
  `select t."jobId", t.attempt, t."pilotId"
   from jsonb_to_recordset($1::jsonb) as t("jobId" text, attempt integer, "pilotId" text)
   left join jobs j on j.id = t."jobId" and j.attempt = t.attempt and j.pilot_id = t."pilotId"
     and j.site_id = $2 and j.state in ('ready', 'active')
   where j.id is null`,
);

/** Of the attempts that a site's pilots hold, those that are no longer wanted. */
export async function staleAttempts(
  db: Executor,
  siteId: string,
  held: readonly HeldAttempt[],
): Promise<HeldAttempt[]> {
  const rows = held.map(({ jobId, attempt, pilotId }) => ({ jobId, attempt, pilotId }));
  return rows.length === 0 ? [] : db.run(stale, jsonb(rows), siteId);
}

const canceledSince = statement<HeldAttempt, [string, string]>(
  'canceled_attempts',
  `select distinct j.id as "jobId", j.attempt, j.pilot_id as "pilotId"
   from events e join jobs j on j.id = e.subject_id and j.state = 'canceled'
   join pilots p on p.id = j.pilot_id and p.state in ('submitted', 'running')
   where e.subject_type = 'job' and e.kind = 'job.canceled' and e.at > $2::timestamptz
     and p.site_id = $1`,
);

/** Attempts that were canceled of late and that a site's living pilots may still run. */
export async function canceledAttempts(
  db: Executor,
  siteId: string,
  since: string,
): Promise<HeldAttempt[]> {
  return db.run(canceledSince, siteId, since);
}
