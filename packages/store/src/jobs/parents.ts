import type { JobId } from '@interpulse/domain/id.ts';
import type { JobState } from '@interpulse/domain/job/job-state.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { jobStages } from './job-stage.ts';

/** A job that another shall wait for. */
export interface ParentJob {
  id: JobId;
  state: JobState;
  project: string;
}

const lock = statement<ParentJob, [string[]]>(
  'lock_parents',
  `select id, state, project from jobs where id = any($1) order by id for share`,
);

/**
 * Jobs that others shall wait for. They do not end before this transaction does: who ends them
 * afterwards sees their children.
 */
export async function lockParents(tx: Executor, ids: readonly string[]): Promise<ParentJob[]> {
  return ids.length === 0 ? [] : tx.run(lock, [...new Set(ids)]);
}

const lockChildren = statement<{ id: JobId }, [string[]]>(
  'lock_children',
  `select id from jobs where stage = ${jobStages.waiting} and id in (
     select job_id from job_parents where parent_id = any($1)) order by id for update`,
);

/** A waiting job of which it was decided how it goes on. */
export interface SettledJob {
  jobId: JobId;
  state: 'queued' | 'failed';
  reason: string | null;
  flowRunId: string | null;
  flowStep: number | null;
}

const settle = statement<SettledJob, [string[], string]>(
  'settle_waiting',
  `with seen as (
      select c.id, sp.on_parent_failure as rule,
        count(*) filter (where p.state not in ('completed', 'failed', 'canceled')) as open,
        min(p.id) filter (where p.state in ('failed', 'canceled')) as bad
      from jobs c join job_specs sp on sp.id = c.spec_id
      left join job_parents jp on jp.job_id = c.id left join jobs p on p.id = jp.parent_id
      where c.id = any($1) and c.state = 'waiting' group by c.id, sp.on_parent_failure),
    decided as (
      select s.id, s.rule = 'fail' and s.bad is not null as fails, s.bad,
        'its parent ' || s.bad || ' ' || case p.state when 'canceled' then 'was canceled'
          else 'failed' end || coalesce(': ' || p.reason, '') as why
      from seen s left join jobs p on p.id = s.bad
      where s.open = 0 or (s.rule = 'fail' and s.bad is not null)),
    changed as (
      update jobs j set state = case when fails then 'failed' else 'queued' end,
        reason = case when fails then left(why, 2000) end,
        blamed_job_id = case when fails then bad end,
        ended_at = case when fails then $2::timestamptz end, state_since_at = $2::timestamptz
      from decided d where j.id = d.id and j.state = 'waiting'
      returning j.id, j.state, j.reason, j.project, j.flow_run_id, j.flow_step),
    history as (
      insert into events (at, kind, subject_type, subject_id, project, flow_run_id, data)
      select $2::timestamptz, 'job.' || state, 'job', id, project, flow_run_id,
        jsonb_strip_nulls(jsonb_build_object('reason', reason)) from changed order by id)
   select id as "jobId", state, reason, flow_run_id as "flowRunId", flow_step as "flowStep"
   from changed order by id`,
);

/**
 * Takes on jobs that wait for others: queued when the last of their parents has ended well (or in
 * any way, where they ask for that), failed with the reason of the first that has not.
 */
export async function settleWaiting(
  tx: Executor,
  jobIds: readonly string[],
  at: string,
): Promise<SettledJob[]> {
  return jobIds.length === 0 ? [] : tx.run(settle, [...jobIds], at);
}

/**
 * Locks the jobs that wait for these. Before they are settled: of two parents that end at once, the
 * second sees the first.
 */
export async function lockChildrenOf(tx: Executor, jobIds: readonly string[]): Promise<JobId[]> {
  return (await tx.run(lockChildren, [...jobIds])).map(({ id }) => id);
}
