import type { JobId } from '@interpulse/domain/id.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** A job that runs again. */
export interface RetriedJob {
  jobId: JobId;
  state: 'queued' | 'waiting';
}

/**
 * With a failed parent run again those that failed because of it. $1 jobs, $2 at, $3 actor.
 */
const retry = statement<RetriedJob, [string[], string, string | null]>(
  'retry_jobs',
  `with recursive again as (
      select id from jobs where id = any($1) and state in ('failed', 'canceled')
      union
      select c.id from again a join job_parents jp on jp.parent_id = a.id
      join jobs c on c.id = jp.job_id and c.state = 'failed' and c.blamed_job_id = a.id),
    held as (
      select j.id from jobs j where j.id in (select id from again)
        and j.state in ('failed', 'canceled') order by j.id for update),
    changed as (
      update jobs j set
        state = case when exists (select from job_parents jp join jobs p on p.id = jp.parent_id
            where jp.job_id = j.id and (p.state <> 'completed' or p.id in (select id from held)))
          then 'waiting' else 'queued' end,
        site_id = null, pilot_id = null, staged_inputs = null, outputs = null, reason = null,
        placement_id = null, faults = 0, error_retries = 0, timeout_retries = 0,
        not_before_at = null, blamed_job_id = null, exit_code = null, usage = null,
        placed_at = null, ready_at = null, started_at = null, ended_at = null,
        state_since_at = $2::timestamptz
      from held h where j.id = h.id
      returning j.id, j.state, j.project, j.flow_run_id),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, actor, data)
      select $2::timestamptz, 'job.retried', 'job', id, project, flow_run_id, $3,
        jsonb_build_object('state', state) from changed order by id)
   select id as "jobId", state from changed`,
);

const lockParents = statement<{ id: string }, [string[]]>(
  'lock_parents_of',
  `select p.id from jobs p where p.id in (select parent_id from job_parents where job_id = any($1))
   order by p.id for share`,
);

/**
 * Makes failed and canceled jobs open again, and those that failed because of them. What has
 * parents that have not completed waits: settle it in the same transaction. Those parents have
 * ended by then, or do not end before this transaction does and then see who waits for them.
 */
export async function retryEndedJobs(
  tx: Executor,
  jobIds: readonly string[],
  at: string,
  actor: string | null,
): Promise<RetriedJob[]> {
  const retried = await tx.run(retry, [...jobIds], at, actor);
  const waiting = retried.filter(({ state }) => state === 'waiting').map(({ jobId }) => jobId);
  if (waiting.length > 0) await tx.run(lockParents, waiting);
  return retried;
}
