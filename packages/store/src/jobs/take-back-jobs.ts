import { limits } from '@interpulse/domain/limits.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { closeAttemptsSql } from './close-attempts.ts';
import { acceptsSql } from './job-fence.ts';
import { heldSql, placedSql } from './job-stage.ts';

/** A job that was taken back, or ended because it was taken back too often. */
export interface TakenBackJob {
  jobId: string;
  state: 'ready' | 'queued' | 'failed';
  siteId: string | null;
  flowRunId: string | null;
  flowStep: number | null;
  reason: string | null;
  mayUseHub: boolean;
}

/** What a statement of this file answers, of its rows `changed`. */
export const takenBackColumns = `c.id as "jobId", c.state, c.site_id as "siteId",
  c.flow_run_id as "flowRunId", c.flow_step as "flowStep", c.reason,
  c.may_use_hub as "mayUseHub"`;

/** Transfers of files that nobody waits for any more are canceled, and their history says so. */
export const cancelTransfersSql = (reason: string) => `stale as (
    update transfers t set state = 'canceled', ended_at = $2::timestamptz, reason = ${reason}
    from changed c where t.job_id = c.id and t.state in ('queued', 'active')
    returning t.id, t.project, t.flow_run_id),
  stale_history as (
    insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
    select $2::timestamptz, 'transfer.canceled', 'transfer', id, project, flow_run_id,
      jsonb_build_object('reason', ${reason}::text) from stale)`;

const history = (event: string) => `history as (
  insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
  select $2::timestamptz, case when state = 'failed' then 'job.failed' else ${event} end,
    'job', id, project, flow_run_id, jsonb_build_object('attempt', attempt, 'reason', $3::text)
  from changed)`;

/** Those that hold locks on many jobs take them in the order of the ids. */
const held = (which: string) => `held as (
  select id, state as was, site_id, pilot_id, started_at from jobs where ${which}
  order by id for update)`;

const losePilots = statement<TakenBackJob, [string[], string, string, number, string]>(
  'jobs_of_lost_pilots',
  `with ${held(`pilot_id = any($1) and ${heldSql('jobs')}`)},
    judged as (select *, $5 = 'lost' and was = 'active' as fault from held),
    changed as (
      update jobs j set pilot_id = null,
        faults = faults + case when fault then 1 else 0 end,
        state = case when fault and faults + 1 >= $4 then 'failed' else 'ready' end,
        ended_at = case when fault and faults + 1 >= $4 then $2::timestamptz end,
        started_at = null, reason = $3, state_since_at = $2::timestamptz
      from judged h where j.id = h.id
      returning j.id, j.attempt, j.state, j.site_id, j.project, j.flow_run_id, j.flow_step,
        j.reason, j.may_use_hub, j.leased_at, h.pilot_id as was_pilot, h.started_at as was_started),
    ${closeAttemptsSql('$5', '$2', '$3')},
    ${history(`case when $5 = 'lost' then 'job.pilotLost' else 'job.preempted' end`)}
  select ${takenBackColumns} from changed c`,
);

/**
 * Takes back what pilots held that are gone: ready again with the next attempt, or failed for good.
 * Work that was `preempted` is no worse for it.
 */
export async function takeBackFromPilots(
  tx: Executor,
  pilotIds: readonly string[],
  at: string,
  reason: string,
  outcome: 'lost' | 'preempted' = 'lost',
): Promise<TakenBackJob[]> {
  return tx.run(losePilots, [...pilotIds], at, reason, limits.attemptsPerJob, outcome);
}

const loseSite = statement<TakenBackJob, [string, string, string, number]>(
  'jobs_of_lost_site',
  `with ${held(placedSql('jobs', '$1'))},
    changed as (
      update jobs j set site_id = null, pilot_id = null, staged_inputs = null, outputs = null,
        faults = faults + case when was = 'active' then 1 else 0 end,
        state = case when was = 'active' and faults + 1 >= $4 then 'failed' else 'queued' end,
        ended_at = case when was = 'active' and faults + 1 >= $4 then $2::timestamptz end,
        placed_at = null, ready_at = null, started_at = null, exit_code = null, usage = null,
        reason = $3, state_since_at = $2::timestamptz
      from held h where j.id = h.id
      returning j.id, j.attempt, j.state, h.site_id, j.project, j.flow_run_id, j.flow_step,
        j.reason, j.may_use_hub, j.leased_at,
        case when h.was in ('ready', 'active') then h.pilot_id end as was_pilot,
        h.started_at as was_started),
    ${cancelTransfersSql('$3')}, ${closeAttemptsSql("'lost'", '$2', '$3')},
    ${history("'job.siteLost'")}
  select ${takenBackColumns} from changed c`,
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

const fail = statement<TakenBackJob, [string, string, string]>(
  'fail_job',
  `with ${held(`id = $1 and ${acceptsSql('state', 'failed')}`)},
    changed as (
      update jobs j set state = 'failed', reason = $3, ended_at = $2::timestamptz,
        state_since_at = $2::timestamptz
      from held h where j.id = h.id
      returning j.id, j.attempt, j.state, j.site_id, j.project, j.flow_run_id, j.flow_step,
        j.reason, j.may_use_hub, j.leased_at,
        case when h.was in ('ready', 'active') then h.pilot_id end as was_pilot,
        h.started_at as was_started),
    ${closeAttemptsSql("'lost'", '$2', '$3')}, ${cancelTransfersSql('$3')},
    ${history("'job.failed'")}
  select ${takenBackColumns} from changed c`,
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
