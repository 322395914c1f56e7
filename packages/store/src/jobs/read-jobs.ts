import type { Job, JobAttempt } from '@interpulse/domain/job/job.ts';
import type { JobState } from '@interpulse/domain/job/job-state.ts';
import { Conditions } from '../conditions.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { jobOf, selectJobSql, type JobRow } from './job-row.ts';

/** Which jobs; all conditions hold together. */
export interface JobFilter {
  /** Null for all projects (administrators). */
  projects: readonly string[] | null;
  states?: readonly JobState[] | undefined;
  site?: string | undefined;
  app?: string | undefined;
  project?: string | undefined;
  flowRunId?: string | undefined;
  ownerId?: string | undefined;
  label?: string | undefined;
  before?: string | undefined;
  limit: number;
}

/** Jobs, newest first. */
export async function listJobs(db: Executor, filter: JobFilter): Promise<Job[]> {
  const conditions = new Conditions();
  conditions.add('j.project = any(?::text[])', filter.projects);
  conditions.add('j.state = any(?::text[])', filter.states);
  conditions.add('j.site_id = (select id from sites where name = ?)', filter.site);
  conditions.add('j.app = ?', filter.app);
  conditions.add('j.project = ?', filter.project);
  conditions.add('j.flow_run_id = ?', filter.flowRunId);
  conditions.add('j.owner_id = ?', filter.ownerId);
  conditions.add(`strpos(lower(j.label), lower(?)) > 0`, filter.label);
  conditions.add('j.id < ?', filter.before);
  const limit = conditions.parameter(filter.limit);
  const text = `${selectJobSql} ${conditions.where} order by j.id desc limit ${limit}`;
  return (await db.query<JobRow>(text, conditions.values)).map(jobOf);
}

const selectOne = statement<JobRow, [string]>('get_job', `${selectJobSql} where j.id = $1`);

/** One job's row, or undefined. */
export async function findJob(db: Executor, jobId: string): Promise<JobRow | undefined> {
  return (await db.run(selectOne, jobId))[0];
}

interface AttemptRow extends Omit<JobAttempt, 'siteName'> {
  site_name: string;
}

const selectAttempts = statement<AttemptRow, [string]>(
  'job_attempts',
  `select number, site_name, pilot_id as "pilotId", host, pid, argv, leased_at as "leasedAt",
     started_at as "startedAt", ended_at as "endedAt", outcome, reason, exit_code as "exitCode",
     signal, stderr_tail as "stderrTail"
   from job_attempts where job_id = $1 order by number`,
);

/** A job's attempts, first to last. */
export async function listAttempts(db: Executor, jobId: string): Promise<JobAttempt[]> {
  const rows = await db.run(selectAttempts, jobId);
  return rows.map(({ site_name, ...attempt }) => ({ ...attempt, siteName: site_name }));
}
