import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { closeAttemptsSql } from './close-attempts.ts';
import { acceptsSql } from './job-fence.ts';
import { cancelTransfersSql } from './take-back-jobs.ts';

/** A job that was canceled, and the pilot that may be running it. */
export interface CanceledJob {
  jobId: JobId;
  attempt: number;
  pilotId: PilotId | null;
  siteId: string | null;
  flowRunId: string | null;
  flowStep: number | null;
  mayUseHub: boolean;
}

const cancel = statement<CanceledJob, [string[], string, string | null, string]>(
  'cancel_jobs',
  `with held as (
      select id, state as was, pilot_id, started_at from jobs
      where id = any($1) and ${acceptsSql('state', 'canceled')} order by id for update),
    changed as (
      update jobs j set state = 'canceled', reason = $4, ended_at = $2::timestamptz,
        not_before_at = null, state_since_at = $2::timestamptz
      from held h where j.id = h.id
      returning j.id, j.attempt, j.site_id, j.project, j.flow_run_id, j.flow_step, j.may_use_hub,
        j.leased_at, case when h.was in ('ready', 'active') then h.pilot_id end as was_pilot,
        h.started_at as was_started),
    ${cancelTransfersSql('$4')},
    ${closeAttemptsSql("'canceled'", '$2', '$4')},
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, actor, data)
      select $2::timestamptz, 'job.canceled', 'job', id, project, flow_run_id, $3,
        jsonb_build_object('reason', $4::text) from changed order by id)
  select c.id as "jobId", c.attempt, c.was_pilot as "pilotId", c.site_id as "siteId",
    c.flow_run_id as "flowRunId", c.flow_step as "flowStep",
    c.may_use_hub as "mayUseHub" from changed c`,
);

/** Cancels jobs that have not ended. Their processes are ended by the agents, afterwards. */
export async function cancelOpenJobs(
  tx: Executor,
  jobIds: readonly string[],
  { at, actor, reason }: { at: string; actor: string | null; reason: string },
): Promise<CanceledJob[]> {
  return tx.run(cancel, [...jobIds], at, actor, reason);
}
