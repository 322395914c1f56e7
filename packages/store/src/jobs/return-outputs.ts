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

const lock = statement<ReturningJob, [readonly string[]]>(
  'lock_returning',
  `with locked as (select id, attempt, outputs, return_to from jobs
     where id = any($1) and state = 'stagingOut' order by id for update)
   select id as "jobId", attempt, coalesce(outputs, '[]') as outputs, return_to as "returnTo",
     0 as open from locked order by id`,
);

const countOpen = statement<{ jobId: string; open: number }, [readonly string[]]>(
  'open_returns',
  `select job_id as "jobId", count(*)::int as open from transfers
   where job_id = any($1) and state in ('queued', 'active') group by job_id`,
);

/** Of these jobs, those whose outputs are on their way, locked. */
export async function lockReturningJobs(
  tx: Executor,
  jobIds: readonly string[],
): Promise<ReturningJob[]> {
  if (jobIds.length === 0) return [];
  const [jobs, counts] = await Promise.all([tx.run(lock, jobIds), tx.run(countOpen, jobIds)]);
  const open = new Map(counts.map((count) => [count.jobId, count.open]));
  return jobs.map((job) => ({ ...job, open: open.get(job.jobId) ?? 0 }));
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
