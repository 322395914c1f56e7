import type { JobId } from '@interpulse/domain/id.ts';
import type { JobOutput } from '@interpulse/domain/job/job.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** A job whose outputs are on their way. */
export interface ReturningJob {
  jobId: JobId;
  attempt: number;
  outputs: JobOutput[];
  returnTo: string;
  /** Of its transfers, those that have not ended. */
  open: number;
}

const lock = statement<ReturningJob, [string]>(
  'lock_returning',
  `with locked as (select id, attempt, outputs, return_to from jobs
     where id = $1 and state = 'stagingOut' for update)
   select id as "jobId", attempt, coalesce(outputs, '[]') as outputs, return_to as "returnTo",
     0 as open from locked`,
);

const countOpen = statement<{ open: number }, [string]>(
  'open_returns',
  `select count(*)::int as open from transfers where job_id = $1 and state in ('queued', 'active')`,
);

/** A job whose outputs are on their way, locked; undefined for one that is elsewhere by now. */
export async function lockReturningJob(
  tx: Executor,
  jobId: string,
): Promise<ReturningJob | undefined> {
  const [[job], [count]] = await Promise.all([tx.run(lock, jobId), tx.run(countOpen, jobId)]);
  return job && { ...job, open: count?.open ?? 0 };
}

/** A job that completed as its outputs arrived. */
export interface ReturnedJob {
  jobId: JobId;
  state: 'completed';
  flowRunId: string | null;
  flowStep: number | null;
  mayUseHub: boolean;
  reason: string | null;
}

const finish = statement<ReturnedJob, [string, string, string]>(
  'job_returned',
  `with changed as (
      update jobs set state = 'completed', outputs = $2::jsonb, ended_at = $3::timestamptz,
        state_since_at = $3::timestamptz
      where id = $1 and state = 'stagingOut'
      returning id, attempt, project, flow_run_id, flow_step, exit_code, may_use_hub),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
      select $3::timestamptz, 'job.completed', 'job', id, project, flow_run_id,
        jsonb_build_object('attempt', attempt, 'exitCode', exit_code) from changed)
   select id as "jobId", 'completed' as state, flow_run_id as "flowRunId", flow_step as "flowStep",
     may_use_hub as "mayUseHub", null as reason from changed`,
);

/** Completes a job whose outputs have arrived, and says where they are now. */
export async function markReturned(
  tx: Executor,
  jobId: string,
  outputs: readonly JobOutput[],
  at: string,
): Promise<ReturnedJob | undefined> {
  return (await tx.run(finish, jobId, jsonb(outputs), at))[0];
}
